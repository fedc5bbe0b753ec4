#include "cmd/vnet/activate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/options.h"

/* What follows is POSIX's shell language, for bash, zsh and dash alike. The variables it begins
 * with are written before it. `command rm`: an alias must not come between. */
static const char shell_code[] =
    "_vnet_keep() {\n"
    "    eval \"_vnet_had_$1=\\${$1+x} _vnet_old_$1=\\${$1-}\"\n"
    "}\n"
    "_vnet_put_back() {\n"
    "    if eval \"[ -n \\\"\\$_vnet_had_$1\\\" ]\"; then eval \"$1=\\$_vnet_old_$1\"; else unset "
    "\"$1\"; fi\n"
    "    unset \"_vnet_had_$1\" \"_vnet_old_$1\"\n"
    "}\n"
    "vnet_deactivate() {\n"
    "    [ \"${1-}\" != nondestructive ] || return 0\n" /* Python's venv, when it is activated */
    "    if [ -n \"${BASH_VERSION-}\" ]; then\n"
    "        complete -r vnet $_vnet_tools 2>/dev/null || :\n"
    "        eval \"$_vnet_completions\"\n"
    "        unset -f _vnet_complete\n"
    "    fi\n"
    "    [ -z \"${ZSH_VERSION-}\" ] || _vnet_uncomplete\n"
    "    _vnet_path=:$PATH:\n"
    "    case $_vnet_path in\n"
    "    *\":$VNET_ACTIVE:\"*)\n"
    "        _vnet_path=${_vnet_path%%\":$VNET_ACTIVE:\"*}:${_vnet_path#*\":$VNET_ACTIVE:\"} ;;\n"
    "    esac\n"
    "    _vnet_path=${_vnet_path#:}\n"
    "    PATH=${_vnet_path%:}\n"
    "    hash -r 2>/dev/null || :\n"
    "    [ -z \"${PS1+x}\" ] || PS1=${PS1#\"(vnet) \"}\n"
    "    [ -z \"$_vnet_clobber\" ] || set +C\n"
    "    if [ -n \"$_vnet_root\" ]; then\n"
    "        [ -z \"${BASH_VERSION-}${ZSH_VERSION-}\" ] || trap - DEBUG\n"
    "        eval \"$_vnet_debug\"\n"
    "        unset -f _vnet_stray\n"
    "    fi\n"
    "    [ -z \"$_vnet_root\" ] || unset -f tee\n"
    "    command rm -r -- \"$VNET_ACTIVE\"\n"
    "    _vnet_put_back VNET_STATE\n"
    "    _vnet_put_back VNET_CLOCK\n"
    "    _vnet_put_back VNET_PROFILE\n"
    "    [ \"$_vnet_word\" != deactivate ] || unset -f deactivate\n"
    "    unset VNET_ACTIVE _vnet_path _vnet_clobber _vnet_root _vnet_debug _vnet_word _vnet_tools "
    "_vnet_completions\n"
    "    unset -f vnet_deactivate _vnet_keep _vnet_put_back\n"
    "}\n"
    "_vnet_word=vnet_deactivate\n"
    "case $(command -v deactivate) in\n"
    "'' | /*)\n" /* no function, no alias; on PATH there may be pyenv's, which cannot work there */
    "    _vnet_word=deactivate\n"
    "    deactivate() { vnet_deactivate \"$@\"; } ;;\n"
    "esac\n"
    "PATH=$VNET_ACTIVE${PATH:+:$PATH}\n"
    "export VNET_ACTIVE PATH\n"
    "hash -r 2>/dev/null || :\n"
    "[ -z \"${PS1+x}\" ] || PS1=\"(vnet) $PS1\"\n";

/* Redirections are the shell's own: no tool sees them. As root, noclobber refuses those to files
 * that exist. */
static const char root_code[] =
    "case $- in *C*) ;; *) set -C; _vnet_clobber=1 ;; esac\n"
    "tee() {\n"
    "    case \" $* \" in\n"
    "    *' /proc/'* | *' /sys/'*) echo 'tee: not to this machine: use sysctl' >&2; return 1 ;;\n"
    "    esac\n"
    "    command tee \"$@\"\n"
    "}\n"
    /* Output pasted along with commands: "IP 1.1.1.1 > 2.2.2.2: ICMP ..." would make a file before
     * its first word is looked for. bash and zsh ask a DEBUG trap whether a command is to run. */
    "_vnet_stray() {\n"
    "    case $1 in *'>'*) ;; *) return 0 ;; esac\n"
    "    set -- \"${1%%[[:space:]]*}\"\n"
    "    case $1 in '' | *[!A-Za-z0-9_.:,/+@%-]*) return 0 ;; esac\n"
    "    ! command -v -- \"$1\" >/dev/null 2>&1 || return 0\n"
    "    echo \"$1: command not found\" >&2\n"
    "    return 1\n"
    "}\n"
    "if [ -n \"${BASH_VERSION-}\" ]; then\n"
    "    _vnet_debug=$(trap -p DEBUG; shopt -p extdebug)\n"
    "    shopt -s extdebug\n"
    "    trap '_vnet_stray \"$BASH_COMMAND\"' DEBUG\n"
    "elif [ -n \"${ZSH_VERSION-}\" ]; then\n"
    "    trap '_vnet_stray \"$ZSH_DEBUG_CMD\" || setopt err_exit' DEBUG\n"
    "fi\n"
    "echo 'vnet: as root, > to a file that exists is refused until then (noclobber), since "
    "/proc/sys "
    "is this machine: use sysctl; nothing stops >> and >|' >&2\n";

static const char completion_code[] =
    "_vnet_complete() {\n"
    "    local IFS=$'\\n'\n"
    "    COMPREPLY=($(vnet complete \"${1##*/}\" \"${COMP_WORDS[@]:1:COMP_CWORD}\" "
    "2>/dev/null))\n"
    "}\n";

/* For zsh, where its completion system is on (compinit). */
static const char zsh_completion_code[] =
    "typeset -gA _vnet_comps=()\n"
    "_vnet_complete() {\n"
    "    local -a found\n"
    "    found=(${(f)\"$(vnet complete \"${words[1]:t}\" \"${(@)words[2,CURRENT-1]}\" \"$PREFIX\" "
    "2>/dev/null)\"})\n"
    "    if (( $#found )); then compadd -a found; else _files; fi\n"
    "}\n"
    "_vnet_uncomplete() {\n"
    "    local name\n"
    "    if (( $+functions[compdef] )); then\n"
    "        compdef -d vnet ${=_vnet_tools}\n"
    "        for name in ${(k)_vnet_comps}; do compdef ${_vnet_comps[$name]} $name; done\n"
    "    fi\n"
    "    unset _vnet_comps\n"
    "    unset -f _vnet_complete _vnet_uncomplete\n"
    "}\n"
    "if (( $+functions[compdef] )); then\n"
    "    for _vnet_path in vnet ${=_vnet_tools}; do\n"
    "        if (( $+_comps[$_vnet_path] )); then "
    "_vnet_comps[$_vnet_path]=${_comps[$_vnet_path]}; fi\n"
    "    done\n"
    "    compdef _vnet_complete vnet ${=_vnet_tools}\n"
    "fi\n";

/* 'text', for a shell. */
static void put_quoted(struct sink *out, const char *text)
{
    sink_puts(out, "'");
    for (; *text; text++) {
        if (*text == '\'')
            sink_puts(out, "'\\''");
        else
            sink_write(out, text, 1);
    }
    sink_puts(out, "'");
}

static void put_tools(struct sink *out)
{
    const char *gap = "";
    for (const struct tool *t = tools; t->name; t++) {
        if (t->origin != TOOL_REAL)
            continue;
        sink_printf(out, "%s%s", gap, t->name);
        gap = " ";
    }
}

static void put_setting(struct sink *out, const char *name, const char *value)
{
    sink_printf(out, "_vnet_keep %s\n", name);
    if (!value)
        return;
    sink_printf(out, "export %s=", name);
    put_quoted(out, value);
    sink_puts(out, "\n");
}

/* An alias or a function comes before anything on PATH; one that adds options is fine. */
static void put_checks(struct sink *out)
{
    sink_puts(out, "for _vnet_path in ");
    put_tools(out);
    sink_puts(out, "; do\n"
                   "    case $(command -v \"$_vnet_path\") in\n"
                   "    \"$VNET_ACTIVE/$_vnet_path\" | \"alias $_vnet_path='$_vnet_path \"*) ;;\n"
                   "    *) echo \"vnet: $_vnet_path is an alias, a function or a builtin of this "
                   "shell: that comes before vnet's\" >&2 ;;\n"
                   "    esac\n"
                   "done\n"
                   "echo \"vnet: ");
    put_tools(out);
    sink_puts(out,
              " here are vnet's, until you type $_vnet_word\" >&2\n"
              "echo 'vnet: not caught: programs by an absolute path (/sbin/ip), scripts that set "
              "PATH, what is written to /proc/sys' >&2\n");
}

static void put_completion(struct sink *out)
{
    sink_puts(out, "if [ -n \"${BASH_VERSION-}\" ]; then\n"
                   "_vnet_completions=$(complete -p vnet $_vnet_tools 2>/dev/null)\n"
                   "eval ");
    put_quoted(out, completion_code);
    sink_puts(out, "\ncomplete -o default -F _vnet_complete vnet $_vnet_tools\nfi\n"
                   "if [ -n \"${ZSH_VERSION-}\" ]; then\neval ");
    put_quoted(out, zsh_completion_code);
    sink_puts(out, "\nfi\n");
}

static void put_code(struct cmd_env *env, const char *dir)
{
    struct sink *out = env->out;
    bool real = vnet_session_clock(env->session) == VNET_CLOCK_REAL;
    sink_puts(out, "VNET_ACTIVE=");
    put_quoted(out, dir);
    sink_puts(out, geteuid() == 0 ? "\n_vnet_root=1" : "\n_vnet_root=");
    sink_puts(out, " _vnet_clobber= _vnet_debug= _vnet_completions= _vnet_tools='");
    put_tools(out);
    sink_puts(out, "'\n");
    sink_puts(out, shell_code);
    put_setting(out, "VNET_STATE", vnet_session_path(env->session));
    put_setting(out, "VNET_CLOCK", real ? "real" : "virtual");
    put_setting(out, "VNET_PROFILE", env->profile ? env->profile->name : NULL);
    put_completion(out);
    put_checks(out);
    if (geteuid() == 0)
        sink_puts(out, root_code);
}

/* ---- when not to ---- */

static bool may_activate(struct cmd_env *env, bool i_am_root)
{
    const char *active = env->getenv ? env->getenv("VNET_ACTIVE") : NULL;
    if (env->out->line_buffered) {
        sink_puts(env->err, "vnet: this prints shell code; type: eval \"$(vnet activate)\"\n");
        return false;
    }
    if (active && *active) {
        sink_puts(env->err, "vnet: already active in this shell, or in the one that started it\n");
        return false;
    }
    if (geteuid() != 0 || i_am_root)
        return true;
    sink_puts(env->err,
              "vnet: not as root: what passes by a PATH (/sbin/ip, > /proc/sys/...) would change "
              "this machine.\n"
              "vnet: activate as an ordinary user, type in vnet's own shell (vnet), or insist: "
              "vnet activate --i-am-root\n");
    return false;
}

static bool read_options(struct cmd_env *env, int argc, char **argv, bool *i_am_root)
{
    static const struct long_option longs[] = {{"i-am-root", 0, 'r'}, {NULL, 0, 0}};
    struct options o;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    int c;
    while ((c = options_next(&o)) == 'r')
        *i_am_root = true;
    bool ok = c == -1 && o.noperands == 0;
    options_release(&o);
    if (!ok)
        sink_puts(env->err, "Usage: eval \"$(vnet activate [--i-am-root])\"\n");
    return ok;
}

int activate_main(struct cmd_env *env, int argc, char **argv)
{
    bool i_am_root = false, ok = read_options(env, argc, argv, &i_am_root);
    int status = ok ? 1 : 2;
    ok = ok && cmd_may_use_host(env, "activate");
    char *dir = ok && may_activate(env, i_am_root) ? linkfarm_make(env) : NULL;
    if (dir) {
        put_code(env, dir);
        status = 0;
    } else if (!env->out->line_buffered) {
        sink_puts(env->out, "false\n"); /* the status of eval */
    }
    free(dir);
    return status;
}
