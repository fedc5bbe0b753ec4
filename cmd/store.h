/* The folder in which a shell keeps its files. It goes with the shell, or, where that was killed,
 * when the next shell makes one: a FIFO in it, which the shell and its children hold open, tells
 * whether any of them lives. */
#ifndef VNET_CMD_STORE_H
#define VNET_CMD_STORE_H

struct store {
    char *path; /* NULL: not made */
    int alive;  /* the FIFO, for reading; inherited by fork(), closed by exec() */
};

/* Make a folder of mode 0700 in `tmp`, and remove those there that no process has any more. 0 or
 * -errno. */
int store_make(struct store *s, const char *tmp);
/* Remove the folder and the files in it. */
void store_remove(const struct store *s);
/* Forget it, the folder stays. */
void store_release(struct store *s);

#endif
