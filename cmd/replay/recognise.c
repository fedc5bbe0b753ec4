#include "cmd/replay/recognise.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/replay/prose.h"

/* ---- the words that begin commands ---- */

/* What people type in such transcripts besides vnet's own tools. */
static const char *const other_commands[] = {
    "apk",          "apt",       "apt-get",   "arp",        "arping",
    "awk",          "bash",      "brctl",     "bridge",     "cansend",
    "candump",      "cat",       "cd",        "chmod",      "chown",
    "cp",           "conntrack", "cut",       "curl",       "date",
    "dd",           "dhclient",  "dig",       "dmesg",      "dnf",
    "docker",       "echo",      "egrep",     "env",        "ethtool",
    "exit",         "export",    "false",     "fg",         "find",
    "firewall-cmd", "getent",    "grep",      "head",       "host",
    "hostname",     "id",        "ifconfig",  "ifdown",     "ifup",
    "insmod",       "iperf",     "iperf3",    "iptables",   "iptables-save",
    "ip6tables",    "jobs",      "kill",      "killall",    "less",
    "ln",           "ls",        "lsmod",     "lspci",      "make",
    "man",          "mkdir",     "modinfo",   "modprobe",   "mount",
    "mv",           "nano",      "nc",        "ncat",       "netstat",
    "nft",          "nmap",      "nmcli",     "nohup",      "nsenter",
    "nslookup",     "ovs-vsctl", "perl",      "ping6",      "pkill",
    "printf",       "ps",        "pwd",       "python",     "python3",
    "readlink",     "rm",        "rmmod",     "sed",        "seq",
    "service",      "set",       "sh",        "sort",       "ss",
    "ssh",          "su",        "systemctl", "tail",       "tc",
    "tee",          "test",      "touch",     "traceroute", "traceroute6",
    "tracepath",    "true",      "tunctl",    "umount",     "uname",
    "uniq",         "unset",     "unshare",   "vconfig",    "vi",
    "vim",          "vtysh",     "wait",      "watch",      "wc",
    "wget",         "which",     "whoami",    "xargs",      "yes",
    "yum",          "zypper",    ":",
};

/* What `ip` is asked about; iproute2 takes abbreviations. */
static const char *const ip_objects[] = {
    "address", "addrlabel", "fou",        "help",   "ila",    "l2tp",   "link",     "lst",
    "macsec",  "maddress",  "monitor",    "mptcp",  "mroute", "mrule",  "neighbor", "neighbour",
    "netconf", "netns",     "nexthop",    "ntable", "ntbl",   "route",  "rule",     "sr",
    "stats",   "tap",       "tcpmetrics", "token",  "tunnel", "tuntap", "vrf",      "xfrm",
};

static bool is_word(const char *s, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(s, word, len) == 0;
}

static bool in_list(const char *const *list, size_t n, const char *s, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (is_word(s, len, list[i]))
            return true;
    return false;
}

static bool is_tool(const char *s, size_t len)
{
    for (const struct tool *t = tools; t->name; t++)
        if (t->origin == TOOL_REAL && is_word(s, len, t->name))
            return true;
    return false;
}

static size_t word_len(const char *s)
{
    return strcspn(s, " \t\n;|&()<>");
}

static const char *skip_space(const char *s)
{
    return s + strspn(s, " \t");
}

/* ---- one line without a prompt ---- */

static bool is_ip_object(const char *s, size_t len)
{
    for (size_t i = 0; len && i < ARRAY_LEN(ip_objects); i++)
        if (len <= strlen(ip_objects[i]) && memcmp(s, ip_objects[i], len) == 0)
            return true;
    return len == 4 && memcmp(s, "addr", 4) == 0;
}

static bool is_assignment(const char *s)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || s[n] == '_')
        n++;
    return n && !isdigit((unsigned char)s[0]) && s[n] == '=';
}

/* "for X in ...", "while COMMAND", "if COMMAND": not "for example". */
static bool is_compound(const char *s)
{
    if (strncmp(s, "for ", 4) == 0) {
        const char *name = skip_space(s + 4), *in = skip_space(name + word_len(name));
        return strncmp(in, "in ", 3) == 0 && (strstr(in, ";") || prose_words(in) == 0);
    }
    bool keyword =
        strncmp(s, "while ", 6) == 0 || strncmp(s, "if ", 3) == 0 || strncmp(s, "until ", 6) == 0;
    return keyword && (strstr(s, ";") || strstr(s, " [ "));
}

/* `sudo` with its options, and assignments. */
static const char *skip_prefix(const char *s)
{
    for (;;) {
        s = skip_space(s);
        if (strncmp(s, "sudo ", 5) == 0) {
            s = skip_space(s + 5);
            while (*s == '-' && s[1]) {
                bool with_word = s[1] == 'u' || s[1] == 'g';
                s = skip_space(s + word_len(s));
                if (with_word)
                    s = skip_space(s + word_len(s));
            }
        } else if (is_assignment(s) && s[word_len(s)] == ' ') {
            s += word_len(s);
        } else {
            return s;
        }
    }
}

static bool known_word(const char *s, size_t len)
{
    return is_tool(s, len) || in_list(other_commands, ARRAY_LEN(other_commands), s, len);
}

/* Words behind a tool's name that only sentences have. */
static bool reads_like_prose(const char *rest)
{
    return prose_foreign(rest) || prose_words(rest) >= 2;
}

bool recognise_command(const char *text)
{
    const char *s = skip_prefix(text);
    size_t len = word_len(s);
    const char *rest = skip_space(s + len);
    if (is_assignment(s) || is_compound(s))
        return !prose_foreign(s);
    if (!known_word(s, len) || *rest == '=' || *rest == ':')
        return false;
    if (is_word(s, len, "echo") || is_word(s, len, "printf") || is_word(s, len, ":"))
        return *rest != '\0';
    if (reads_like_prose(rest))
        return false;
    if (is_word(s, len, "ip"))
        return *rest == '-' || is_ip_object(rest, word_len(rest));
    return !is_word(s, len, "ping") || *rest;
}

/* ---- calls inside a line ---- */

/* Keywords and commands behind which another command begins at once. */
static const char *const openers[] = {
    "do", "then", "else", "elif", "if", "while", "until", "!", "{", "time", "nohup", "exec",
};

static const char *skip_word(const char *s)
{
    for (char quote = 0; *s; s++) {
        if (quote) {
            if (*s == quote)
                quote = 0;
        } else if (*s == '\'' || *s == '"') {
            quote = *s;
        } else if (strchr(" \t\n;|&()<>", *s)) {
            break;
        } else if (*s == '\\' && s[1]) {
            s++;
        }
    }
    return s;
}

/* Options, and then n words. */
static const char *skip_arguments(const char *s, int n)
{
    s = skip_space(s);
    while (*s == '-' && s[1] && s[1] != ' ')
        s = skip_space(skip_word(s));
    while (n-- > 0)
        s = skip_space(skip_word(s));
    return s;
}

/* Where the command that `s` runs for another begins; NULL: s is no such. */
static const char *behind_wrapper(const char *s)
{
    size_t len = word_len(s);
    if (in_list(openers, ARRAY_LEN(openers), s, len))
        return skip_space(s + len);
    if (is_word(s, len, "timeout"))
        return skip_arguments(s + len, 1);
    if (is_word(s, len, "nsenter") || is_word(s, len, "stdbuf"))
        return skip_arguments(s + len, 0);
    if (is_word(s, len, "ip")) {
        const char *w = skip_arguments(s + len, 0);
        if (strncmp(w, "netns exec ", 11) == 0)
            return skip_arguments(w + 11, 1);
    }
    return NULL;
}

/* The next place at or behind s where a simple command begins, wrappers passed. */
static const char *command_start(const char *s)
{
    for (;;) {
        s += strspn(s, " \t\n;|&()");
        s = skip_prefix(s);
        const char *inner = behind_wrapper(s);
        if (!inner || inner == s)
            return s;
        s = inner;
    }
}

/* The end of the simple command at s. */
static const char *command_end(const char *s)
{
    while (*s && !strchr(";|&\n(", *s)) {
        const char *next = skip_word(s);
        s = next == s ? s + 1 : next;
    }
    return s;
}

const char *recognise_call(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *s = command_start(text); *s; s = command_start(command_end(s))) {
        if (strncmp(s, name, n) == 0 && word_len(s) == n)
            return s;
        if (command_end(s) == s)
            s++;
    }
    return NULL;
}

const char *recognise_traffic(const char *text)
{
    static const char *const makers[] = {"ping",        "ping6",     "arping", "traceroute",
                                         "traceroute6", "tracepath", "nc",     "curl",
                                         "wget",        "iperf3",    "ssh",    "cansend"};
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        const char *at = recognise_call(text, makers[i]);
        if (at)
            return at;
    }
    return NULL;
}

/* ---- more lines wanted ---- */

struct nesting {
    int blocks; /* for, while, until, if, case, {, ( not ended yet */
    char quote;
    const char *heredoc; /* the first delimiter in the text; NULL: none */
    bool heredoc_tabs;
};

static void see_word(struct nesting *n, const char *s, size_t len)
{
    static const char *const open[] = {"for", "while", "until", "if", "case", "{"};
    static const char *const close[] = {"done", "fi", "esac", "}"};
    if (in_list(open, ARRAY_LEN(open), s, len))
        n->blocks++;
    else if (in_list(close, ARRAY_LEN(close), s, len))
        n->blocks--;
}

static const char *see_heredoc(struct nesting *n, const char *s)
{
    n->heredoc_tabs = *s == '-';
    s = skip_space(s + n->heredoc_tabs);
    if (!n->heredoc && *s)
        n->heredoc = s;
    return skip_word(s);
}

static const char *see_quoted(struct nesting *n, const char *s)
{
    char quote = *s++;
    while (*s && *s != quote)
        s += *s == '\\' && quote == '"' && s[1] ? 2 : 1;
    if (!*s)
        n->quote = quote;
    return *s ? s + 1 : s;
}

static struct nesting see_nesting(const char *s)
{
    struct nesting n = {0};
    bool start = true; /* of a command: keywords count only here */
    while (*s && !n.heredoc) {
        if (*s == '\'' || *s == '"') {
            s = see_quoted(&n, s);
        } else if (strncmp(s, "<<", 2) == 0 && s[2] != '<') {
            s = see_heredoc(&n, s + 2);
        } else if (strchr(" \t", *s)) {
            s++;
        } else if (strchr(";|&\n()", *s)) {
            n.blocks += (*s == '(') - (*s == ')');
            start = true;
            s++;
        } else {
            size_t len = (size_t)(skip_word(s) - s);
            static const char *const opening[] = {"do", "then", "else", "in", "{"};
            len = len ? len : 1;
            if (start)
                see_word(&n, s, len);
            start = in_list(opening, ARRAY_LEN(opening), s, len);
            s += len;
        }
    }
    return n;
}

/* Is the delimiter alone on a line of the text behind it? */
static bool heredoc_ended(const struct nesting *n)
{
    const char *s = n->heredoc, *end = skip_word(s);
    char quote = *s == '\'' || *s == '"' ? *s : 0;
    const char *word = s + (quote != 0 || *s == '\\');
    size_t len = (size_t)(end - word) - (quote && end[-1] == quote);
    for (const char *nl = strchr(end, '\n'); nl; nl = strchr(nl + 1, '\n')) {
        const char *line = nl + 1;
        line += n->heredoc_tabs ? strspn(line, "\t") : 0;
        if (strncmp(line, word, len) == 0 && (line[len] == '\n' || line[len] == '\0'))
            return true;
    }
    return false;
}

bool recognise_incomplete(const char *text)
{
    struct nesting n = see_nesting(text);
    if (n.heredoc)
        return !heredoc_ended(&n);
    if (n.quote || n.blocks > 0)
        return true;
    size_t len = strlen(text), backslashes = 0;
    while (backslashes < len && text[len - 1 - backslashes] == '\\')
        backslashes++;
    if (backslashes % 2)
        return true;
    while (len && strchr(" \t", text[len - 1]))
        len--;
    return len && (text[len - 1] == '|' || (len > 1 && strncmp(text + len - 2, "&&", 2) == 0));
}

/* ---- what is no command to run ---- */

static bool placeholder_char(char c)
{
    return isalnum((unsigned char)c) || strchr("_- .:/", c);
}

const char *recognise_placeholder(const char *text, size_t *len)
{
    for (const char *s = strchr(text, '<'); s; s = strchr(s + 1, '<')) {
        const char *e = s + 1;
        if (!isalpha((unsigned char)*e) || (s > text && s[-1] == '<'))
            continue;
        while (*e && placeholder_char(*e))
            e++;
        if (*e != '>')
            continue;
        *len = (size_t)(e + 1 - s);
        return s;
    }
    return NULL;
}

bool recognise_synopsis(const char *text)
{
    bool brackets = strstr(text, " [ ") || strstr(text, " { ");
    return brackets && !strstr(text, ";") &&
           (strstr(text, " ] ") || strstr(text, " } ") || text[strlen(text) - 1] == ']' ||
            text[strlen(text) - 1] == '}');
}
