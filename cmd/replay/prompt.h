/* The prompts that stand before commands. */
#ifndef VNET_CMD_REPLAY_PROMPT_H
#define VNET_CMD_REPLAY_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/* Which of the styles a text uses: lone signs mean less where named prompts are. */
struct prompts {
    bool named;          /* [user@host dir]#, user@host:dir$, bash-5.1#, ... */
    bool dollar;         /* "$ " */
    bool root;           /* "# " too: nothing better is there, or somebody became root */
    bool last_hope;      /* "host# ", "> ", "% ", before known commands */
    size_t hashed, bare; /* lines seen: a known command behind "# ", and behind nothing */
};

/* Look at one more line; call prompts_settle() after the last. */
void prompts_see(struct prompts *p, const char *line);
void prompts_settle(struct prompts *p);
/* The command on a line ("" for an empty prompt), NULL if the line has no prompt. */
const char *prompts_find(const struct prompts *p, const char *line);

#endif
