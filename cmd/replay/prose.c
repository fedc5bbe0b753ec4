#include "cmd/replay/prose.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

/* ---- words ---- */

static const char *const sentence_words[] = {
    "an",   "and",   "are",   "as",    "be",    "because", "but", "can",   "did",
    "does", "for",   "has",   "have",  "here",  "how",     "i",   "if",    "is",
    "it",   "its",   "let",   "let's", "need",  "next",    "not", "now",   "of",
    "our",  "same",  "see",   "so",    "since", "that",    "the", "their", "them",
    "then", "there", "they",  "this",  "used",  "using",   "was", "we",    "what",
    "when", "where", "which", "why",   "will",  "with",    "you", "your",
};

static bool is_sentence_word(const char *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(sentence_words); i++) {
        const char *w = sentence_words[i];
        size_t k = 0;
        while (k < len && w[k] && tolower((unsigned char)word[k]) == w[k])
            k++;
        if (k == len && !w[k])
            return true;
    }
    return false;
}

unsigned prose_words(const char *text)
{
    unsigned n = 0;
    for (const char *s = text; *s;) {
        s += strspn(s, " \t,.;:()\"");
        size_t len = strcspn(s, " \t,.;:()\"");
        n += len && is_sentence_word(s, len);
        s += len;
    }
    return n;
}

bool prose_foreign(const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        if (*s < 0x80)
            continue;
        bool quote = s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0x98 || s[2] == 0x99); /* ‘ ’ */
        bool dots = s[0] == 0xe2 && s[1] == 0x80 && s[2] == 0xa6;                    /* … */
        if (!quote && !dots)
            return true;
        s += 2;
    }
    return false;
}

/* ---- shapes ---- */

/* ######, ------, ======: one sign over and over. */
static bool is_separator(const char *line)
{
    size_t n = strlen(line);
    return n >= 5 && strchr("#-=*_~+", line[0]) && strspn(line, (char[]){line[0], '\0'}) == n;
}

/* +-----+ and what stands between | and |. */
static bool is_diagram(const char *line)
{
    size_t n = strlen(line);
    if (strncmp(line, "+--", 3) == 0 || strncmp(line, "+==", 3) == 0)
        return true;
    return n > 1 && line[0] == '|' && (line[n - 1] == '|' || line[1] == ' ' || line[1] == '.');
}

/* "- text", "* text", "1. text", "1) text" */
static bool is_bullet(const char *line)
{
    size_t digits = strspn(line, "0123456789");
    if (digits && digits <= 2)
        return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ' &&
               isalpha((unsigned char)line[digits + 2]);
    return (line[0] == '-' || line[0] == '*') && line[1] == ' ' && isalpha((unsigned char)line[2]);
}

/* "## Heading", "=== Heading ===" */
static bool is_heading(const char *line)
{
    size_t n = strspn(line, "#");
    if (n >= 2 && line[n] == ' ')
        return true;
    n = strspn(line, "=");
    return n >= 2 && line[n] == ' ';
}

/* ---- sentences ---- */

/* How messages of tools begin that read like sentences. */
static const char *const messages[] = {
    "PING ",      "From ",
    "RTNETLINK ", "Error",
    "Cannot ",    "Device ",
    "Command ",   "Usage",
    "Kernel ",    "Destination",
    "Iface ",     "Object ",
    "Address ",   "Do you want to ping",
    "Try ",       "Not enough ",
    "Invalid ",   "Failed ",
    "Warning",    "Dump ",
    "WARNING",    "SIOC",
    "Nothing ",   "Terminated",
    "listening ", "dropped ",
    "reading ",   "Deleted ",
    "Unknown ",
};

static bool is_message(const char *line)
{
    for (size_t i = 0; i < ARRAY_LEN(messages); i++)
        if (strncmp(line, messages[i], strlen(messages[i])) == 0)
            return true;
    size_t word = strcspn(line, " \t"); /* "ping: unknown host" */
    return word > 1 && line[word - 1] == ':' && islower((unsigned char)line[0]);
}

static bool ends_sentence(const char *line)
{
    size_t n = strlen(line);
    while (n && isspace((unsigned char)line[n - 1]))
        n--;
    return n && strchr(".:!?", line[n - 1]);
}

/* Letters and punctuation only, of two words at least: "Window two asks:". */
static bool is_plain_text(const char *line)
{
    size_t words = 0;
    for (const char *s = line; *s; s++) {
        if (!isalpha((unsigned char)*s) && !strchr(" ,.;:!?'\"()-", *s))
            return false;
        words += isalpha((unsigned char)*s) && (s == line || s[-1] == ' ');
    }
    return words >= 2;
}

static bool is_sentence(const char *line, bool after_blank)
{
    unsigned words = prose_words(line);
    if (!isalpha((unsigned char)line[0]) || is_message(line))
        return false;
    if (isupper((unsigned char)line[0]))
        return words >= 2 || ((words == 1 || after_blank) && ends_sentence(line)) ||
               (after_blank && words) || is_plain_text(line);
    return words >= 3 || (after_blank && (words >= 1 || ends_sentence(line)));
}

enum prose prose_line(const char *line, bool after_blank)
{
    bool indented = *line == ' ' || *line == '\t';
    line += strspn(line, " \t");
    if (prose_foreign(line) || is_separator(line) || is_diagram(line) || is_bullet(line) ||
        is_heading(line))
        return PROSE_YES;
    return !indented && is_sentence(line, after_blank) ? PROSE_MAYBE : PROSE_NO;
}

bool prose_elision(const char *line)
{
    static const char *const forms[] = {
        "...",        "....",         ".....",          "......",    "[...]",     "(...)",
        "<...>",      "\xe2\x80\xa6", "[\xe2\x80\xa6]", "<snip>",    "[snip]",    "(snip)",
        "-- snip --", "--- snip ---", "<omitted>",      "[omitted]", "(omitted)", "# ..."};
    line += strspn(line, " \t");
    size_t n = strlen(line);
    while (n && isspace((unsigned char)line[n - 1]))
        n--;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (strlen(forms[i]) == n && memcmp(forms[i], line, n) == 0)
            return true;
    return false;
}
