/* Commands of the host, for those who allow them. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_HOST_H
#define VNET_CMD_SHELL_HOST_H

struct shell;

int host_run(struct shell *sh, int argc, char **argv);

#endif
