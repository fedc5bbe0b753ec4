#include "state/head.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* A string without escapes, as the names of these members and their values are: its bytes, and the
 * place behind it. NULL: none. */
static const char *take_string(const char *p, const char **s, size_t *n)
{
    p = skip_blanks(p);
    if (*p != '"')
        return NULL;
    *s = p + 1;
    *n = strcspn(*s, "\"\\");
    return (*s)[*n] == '"' ? *s + *n + 1 : NULL;
}

/* The value of a member that stands before all arrays and objects. */
static bool find_member(const char *head, const char *name, const char **s, size_t *n)
{
    const char *p = skip_blanks(head), *key;
    size_t len;
    if (*p != '{')
        return false;
    do {
        p = take_string(p + 1, &key, &len);
        p = p ? skip_blanks(p) : NULL;
        if (!p || *p != ':')
            return false;
        if (len == strlen(name) && memcmp(key, name, len) == 0)
            return take_string(p + 1, s, n) != NULL;
        const char *behind = take_string(p + 1, s, n);
        p = behind ? skip_blanks(behind) : p + strcspn(p, ",[{}\"");
    } while (*p == ',');
    return false;
}

const struct vnet_profile *state_head_profile(const char *text)
{
    const char *s;
    size_t n;
    if (!find_member(text, "profile", &s, &n))
        return NULL;
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++)
        if (strlen(p->name) == n && memcmp(p->name, s, n) == 0)
            return p;
    return NULL;
}

const struct vnet_profile *vnet_profile_of_file(const char *path)
{
    char head[STATE_HEAD + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? 0 : read(fd, head, STATE_HEAD);
    if (fd >= 0)
        close(fd);
    head[n > 0 ? n : 0] = '\0';
    const struct vnet_profile *p = state_head_profile(head);
    return p ? p : vnet_profiles();
}
