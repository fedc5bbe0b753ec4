/* An intrusive, circular, doubly linked list. A head is a node that belongs to no element. */
#ifndef VNET_BASE_LIST_H
#define VNET_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

static inline void list_init(struct list *l)
{
    l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
    return l->next == l;
}

/* Insert node before pos (before a head: at the tail). */
static inline void list_insert_before(struct list *node, struct list *pos)
{
    node->prev = pos->prev;
    node->next = pos;
    pos->prev->next = node;
    pos->prev = node;
}

static inline void list_add_tail(struct list *node, struct list *head)
{
    list_insert_before(node, head);
}

static inline void list_add_head(struct list *node, struct list *head)
{
    list_insert_before(node, head->next);
}

/* Unlink; the node is a list of its own afterwards, so that unlinking twice is harmless. */
static inline void list_del(struct list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))
#define list_entry(ptr, type, member)   container_of(ptr, type, member)
#define list_first(head, type, member) \
    (list_empty(head) ? NULL : list_entry((head)->next, type, member))

/* `pos` is a struct list *; the safe form allows pos to be unlinked. */
#define list_each(pos, head) for (struct list *pos = (head)->next; pos != (head); pos = pos->next)
#define list_each_safe(pos, tmp, head)                                     \
    for (struct list *pos = (head)->next, *tmp = pos->next; pos != (head); \
         pos = tmp, tmp = pos->next)

#endif
