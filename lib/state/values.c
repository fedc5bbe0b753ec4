#include "state/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- save ---- */

void state_put_name(struct json_out *o, const char *key, const struct nametab *t, uint32_t value,
                    uint32_t dflt)
{
    const char *name = nametab_name(t, value);
    if (value == dflt)
        return;
    if (name)
        json_put_str(o, key, name);
    else
        json_put_int(o, key, value);
}

void state_put_nonzero(struct json_out *o, const char *key, int64_t value)
{
    if (value)
        json_put_int(o, key, value);
}

void state_put_prefix(struct json_out *o, const char *key, const struct inet_prefix *p)
{
    char text[INET_ADDRSTRLEN_MAX + 4];
    inet_addr_str(&p->addr, text);
    if (p->len != inet_addr_bits(p->addr.family))
        snprintf(text + strlen(text), 5, "/%u", p->len);
    json_put_str(o, key, text);
}

/* ---- load ---- */

int state_get_number(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, int64_t max, uint32_t *out)
{
    int64_t v = *out;
    int rc = state_get_int(l, obj, at, key, 0, max, &v);
    *out = (uint32_t)v;
    return rc;
}

int state_get_byte(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, uint8_t *out)
{
    uint32_t v = *out;
    int rc = state_get_number(l, obj, at, key, 255, &v);
    *out = (uint8_t)v;
    return rc;
}

int state_get_name(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, const struct nametab *t, int64_t max, uint32_t *out)
{
    const json_t *v = json_object_get(obj, key);
    if (!json_is_string(v))
        return state_get_number(l, obj, at, key, max, out);
    if (!nametab_value(t, json_string_value(v), out))
        return state_fail(l, at, key, "is not a known name");
    return 0;
}

int state_get_name8(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, const struct nametab *t, uint8_t *out)
{
    uint32_t v = *out;
    int rc = state_get_name(l, obj, at, key, t, 255, &v);
    *out = (uint8_t)v;
    return rc;
}

bool state_parse_prefix(const char *text, bool host_bits, struct inet_prefix *p)
{
    char addr[INET_ADDRSTRLEN_MAX];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof(addr))
        return false;
    memcpy(addr, text, n);
    addr[n] = '\0';
    if (!inet_addr_parse(VNET_AF_INET, addr, &p->addr) &&
        !inet_addr_parse(VNET_AF_INET6, addr, &p->addr))
        return false;
    unsigned bits = inet_addr_bits(p->addr.family), len = bits;
    if (slash) {
        size_t digits = strspn(slash + 1, "0123456789");
        if (digits == 0 || digits > 3 || slash[1 + digits])
            return false;
        len = (unsigned)strtoul(slash + 1, NULL, 10);
    }
    p->len = (uint8_t)len;
    struct inet_addr net = inet_addr_masked(&p->addr, len);
    return len <= bits && (host_bits || inet_addr_eq(&net, &p->addr));
}

int state_get_prefix(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, bool host_bits, struct inet_prefix *p)
{
    const char *text = NULL;
    int rc = state_get_str(l, obj, at, key, INET_ADDRSTRLEN_MAX + 4, &text);
    if (rc == 0 && text && !state_parse_prefix(text, host_bits, p))
        return state_fail(l, at, key, "must be an address prefix%s",
                          host_bits ? "" : " without bits behind its length");
    return rc;
}
