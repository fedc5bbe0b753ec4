#include "cmd/shell/run.h"

#include "cmd/shell/state.h"

int run_pipeline(struct shell *sh, const struct node *first, const char *text)
{
    return sh->opts.processes ? process_pipeline(sh, first, text) : inline_pipeline(sh, first);
}

int run_background(struct shell *sh, const struct node *n)
{
    return sh->opts.processes ? process_background(sh, n) : inline_background(sh, n);
}

int run_captured(struct shell *sh, const struct node *body, struct strbuf *out)
{
    return sh->opts.processes ? process_captured(sh, body, out) : inline_captured(sh, body, out);
}

int run_tool(struct shell *sh, const struct tool *tool, int argc, char **argv)
{
    bool child = sh->opts.processes && sh->opts.interactive && !sh->subshell;
    return child ? process_tool(sh, tool, argc, argv) : inline_tool(sh, tool, argc, argv);
}
