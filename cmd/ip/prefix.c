#include "cmd/ip/prefix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What strtoul() makes of the usual spelling of a number below 1000; false: it is another. */
static bool read_digits(const char **s, unsigned long *out)
{
    const char *p = *s;
    unsigned long n = 0;
    if (*p < '1' || *p > '9')
        return false;
    while (*p >= '0' && *p <= '9' && n < 100)
        n = n * 10 + (unsigned long)(*p++ - '0');
    if (*p >= '0' && *p <= '9')
        return false;
    *s = p;
    *out = n;
    return true;
}

/* One number of an IPv4 address; moves *s behind it. */
static bool read_octet(const char **s, uint8_t *out)
{
    char *end;
    unsigned long n;
    if (!read_digits(s, &n)) {
        n = strtoul(*s, &end, 0);
        if (end == *s)
            return false;
        *s = end;
    }
    *out = (uint8_t)n;
    return n <= 255;
}

static bool read_ipv4(const char *s, uint8_t out[4])
{
    memset(out, 0, 4);
    for (int i = 0; i < 4; i++) {
        if (!read_octet(&s, &out[i]))
            return false;
        if (*s == '\0')
            return true;
        if (*s++ != '.')
            return false;
    }
    return false;
}

static bool read_word(const char *s, uint8_t family, struct ip_prefix *out)
{
    bool dflt = *s == 'd' && strcmp(s, "default") == 0;
    if (!dflt && *s != 'a')
        return false;
    if (!dflt && strcmp(s, "all") != 0 && strcmp(s, "any") != 0)
        return false;
    out->addr.family = family;
    out->size = dflt ? (uint8_t)inet_addr_size(family) : 0;
    out->len_given = dflt;
    out->word = true;
    return true;
}

bool ip_read_addr(const char *s, uint8_t family, struct ip_prefix *out)
{
    *out = (struct ip_prefix){0};
    if (read_word(s, family, out))
        return true;
    uint8_t found = strchr(s, ':') ? VNET_AF_INET6 : VNET_AF_INET;
    if (family != VNET_AF_UNSPEC && family != found)
        return false;
    out->addr.family = found;
    out->size = (uint8_t)inet_addr_size(found);
    out->len = (uint8_t)inet_addr_bits(found);
    if (found == VNET_AF_INET6)
        return inet_addr_parse(found, s, &out->addr);
    return read_ipv4(s, out->addr.bytes);
}

/* get_netmask(): bits, or a dotted mask. */
static bool read_mask(const char *s, uint32_t *bits)
{
    struct ip_prefix mask;
    if (arg_u32(s, 0, bits))
        return true;
    if (!ip_read_addr(s, VNET_AF_INET, &mask) || mask.word)
        return false;
    int len = inet_mask_len(inet_addr_to_v4(&mask.addr));
    *bits = (uint32_t)len;
    return len >= 0;
}

bool ip_read_prefix(const char *s, uint8_t family, struct ip_prefix *out)
{
    char host[64];
    uint32_t bits;
    const char *slash = strchr(s, '/');
    if (!slash)
        return ip_read_addr(s, family, out);
    if ((size_t)(slash - s) >= sizeof(host))
        return false;
    memcpy(host, s, (size_t)(slash - s));
    host[slash - s] = '\0';
    if (!ip_read_addr(host, family, out) || out->word)
        return false;
    if (!read_mask(slash + 1, &bits) || bits > inet_addr_bits(out->addr.family))
        return false;
    out->len = (uint8_t)bits;
    out->len_given = true;
    return true;
}

static const char *family_wanted(uint8_t family)
{
    return family == VNET_AF_UNSPEC ? "any valid" : ip_family_name(family);
}

int ip_take_addr(struct ip *ip, struct args *a, uint8_t family, struct ip_prefix *out)
{
    if (ip_read_addr(a->v[0], family, out))
        return ARG_OK;
    sink_printf(ip->err, "Error: %s address is expected rather than \"%s\".\n",
                family_wanted(family), a->v[0]);
    return ARG_EXIT_FAILED;
}

int ip_take_prefix(struct ip *ip, struct args *a, uint8_t family, struct ip_prefix *out)
{
    if (family == VNET_AF_PACKET) {
        sink_printf(ip->err,
                    "Error: \"%s\" may be inet prefix, but it is not allowed in this context.\n",
                    a->v[0]);
        return ARG_EXIT_FAILED;
    }
    if (ip_read_prefix(a->v[0], family, out))
        return ARG_OK;
    sink_printf(ip->err, "Error: %s prefix is expected rather than \"%s\".\n",
                family_wanted(family), a->v[0]);
    return ARG_EXIT_FAILED;
}

static int bad_lladdr(struct ip *ip, const char *word)
{
    sink_printf(ip->err, "\"%s\" is invalid lladdr.\n", word);
    return ARG_FAILED;
}

/* What sscanf("%x") makes of a piece: trailing rubbish is not looked at, nor more than 32 bits. */
static bool read_hex_byte(const char *s, uint8_t *out)
{
    char *end;
    unsigned v = (unsigned)strtoul(s, &end, 16);
    if (end == s || v > 255)
        return false;
    *out = (uint8_t)v;
    return true;
}

int ip_take_lladdr(struct ip *ip, const char *word, unsigned max, struct lladdr *out)
{
    struct ip_prefix v4;
    *out = (struct lladdr){0};
    if (strchr(word, '.')) {
        if (!ip_read_addr(word, VNET_AF_INET, &v4))
            return bad_lladdr(ip, word);
        out->len = 4;
        memcpy(out->bytes, v4.addr.bytes, 4);
        return ARG_OK;
    }
    while (out->len < max) {
        char piece[64];
        const char *colon = strchr(word, ':');
        size_t len = colon ? (size_t)(colon - word) : strlen(word);
        snprintf(piece, sizeof(piece), "%.*s", (int)(len < sizeof(piece) ? len : sizeof(piece) - 1),
                 word);
        if (!read_hex_byte(piece, &out->bytes[out->len]))
            return bad_lladdr(ip, piece);
        out->len++;
        if (!colon)
            break;
        word = colon + 1;
    }
    return ARG_OK;
}

bool ip_bits_equal(const struct inet_addr *a, const struct inet_addr *b, unsigned bits)
{
    struct inet_addr am = inet_addr_masked(a, bits), bm = inet_addr_masked(b, bits);
    return memcmp(am.bytes, bm.bytes, sizeof(am.bytes)) == 0;
}
