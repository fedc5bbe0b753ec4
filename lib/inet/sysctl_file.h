/* The table of files below /proc/sys/net, and how a file's text becomes a value and back. Only the
 * sysctl files' own code and the state file's loader include this. */
#ifndef VNET_INET_SYSCTL_FILE_H
#define VNET_INET_SYSCTL_FILE_H

#include "base/strbuf.h"
#include "dev/netdev.h"
#include "inet/sysctls.h"

enum sysctl_conv {            /* the kernel's proc_handler; jiffies are of the profile's HZ */
                   CONV_INT,  /* proc_dointvec, _minmax; proc_douintvec_minmax, proc_dou8vec_minmax
                               */
                   CONV_LONG, /* proc_doulongvec_minmax */
                   CONV_SEC,  /* proc_dointvec_jiffies: kept in seconds */
                   CONV_MS, /* proc_dointvec_ms_jiffies: kept in milliseconds, whole jiffies of them
                             */
                   CONV_USERHZ,     /* proc_dointvec_userhz_jiffies: kept in ticks of 10 ms */
                   CONV_QLEN,       /* proc_unres_qlen: packets; kept in bytes */
                   CONV_MS_SEC,     /* seconds; kept in milliseconds */
                   CONV_MS_USERHZ,  /* ticks of 10 ms; kept in milliseconds */
                   CONV_MS_JIFFIES, /* jiffies; kept in milliseconds */
                   CONV_GID_RANGE,  /* ipv4_ping_group_range: two values */
                   CONV_PORT_RANGE, /* ipv4_local_port_range: two values */
                   CONV_BITMAP,     /* proc_do_large_bitmap of 256 bits: "0-1,3-127" */
                   CONV_FLUSH,      /* ipv4_sysctl_rtcache_flush(), ipv6_sysctl_rtcache_flush() */
                   CONV_SECRET,     /* addrconf_sysctl_stable_secret */
};

enum sysctl_flags {
    SYSCTL_RO = 1 << 0,      /* mode 0444 */
    SYSCTL_INIT = 1 << 1,    /* in the initial namespace only */
    SYSCTL_INIT_W = 1 << 2,  /* writable in the initial namespace only */
    SYSCTL_DEFAULT = 1 << 3, /* neigh/default only; the value is in inet_sysctls.net */
    SYSCTL_VIEW = 1 << 4,    /* another file holds the value */
    SYSCTL_CONFIG =
        1 << 5,         /* needs options of the kernel's configuration: kernel_facts.ipv6_options */
    SYSCTL_WO = 1 << 6, /* mode 0200 */
};

struct sysctl_file {
    const char *name; /* last part of the path; below net/ for CLASS_NET */
    uint16_t id;      /* of the value, by class; with SYSCTL_DEFAULT: net_sysctl_id */
    uint8_t conv, flags;
    uint32_t since;   /* first kernel that has it, 0x060100; 0: all */
    int64_t min, max; /* both 0: any int */
    int64_t def;      /* value that a namespace begins with */
};

enum sysctl_class {
    CLASS_NET,
    CLASS_IPV4_CONF,
    CLASS_IPV6_CONF,
    CLASS_IPV4_NEIGH,
    CLASS_IPV6_NEIGH,
    SYSCTL_CLASSES
};

struct sysctl_dir {   /* a class: its files and where they are */
    const char *path; /* below net/, with '/' at the end */
    const struct sysctl_file *files;
    unsigned nfiles;
};
extern const struct sysctl_dir sysctl_dirs[SYSCTL_CLASSES];

enum { SYSCTL_WORDS_MAX = 4 };
/* How many values of inet_sysctls.net, one after another, a file has: 1, 2 of a range, 4 of a
 * bitmap. */
unsigned sysctl_words(const struct sysctl_file *f);

enum sysctl_scope { SCOPE_NET, SCOPE_ALL, SCOPE_DEFAULT, SCOPE_DEV };

struct sysctl_ref { /* a file that exists, and its value */
    struct netns *ns;
    const struct sysctl_file *file;
    enum sysctl_class class;
    enum sysctl_scope scope;
    struct netdev *dev; /* SCOPE_DEV */
    int32_t *v32;       /* one of these two; sysctl_words() of them */
    int64_t *v64;
};

/* The file of a path below net/. -ENOENT. */
int sysctl_find(struct netns *ns, const char *path, struct sysctl_ref *ref);
/* Likewise, whether or not the world's kernel shows the value as a file. */
int sysctl_find_value(struct netns *ns, const char *path, struct sysctl_ref *ref);
/* The values of a class and scope: int32_t by id, or NULL when the device has none. */
int32_t *sysctl_values(struct netns *ns, enum sysctl_class c, enum sysctl_scope scope,
                       const struct netdev *dev);
bool sysctl_file_exists(const struct netns *ns, const struct sysctl_file *f, enum sysctl_class c,
                        enum sysctl_scope scope);
/* The value as it is kept. */
int64_t sysctl_raw(const struct sysctl_ref *ref);
/* What a new device has for a file of `default` value def. */
static inline int64_t sysctl_dev_default(const struct netdev *dev, const struct sysctl_file *f,
                                         enum sysctl_class c, int64_t def)
{
    if (c == CLASS_IPV6_CONF && f->id == IPV6_CONF_mtu)
        return dev->mtu;
    if (!netif_is_loopback(dev))
        return def;
    if (c == CLASS_IPV4_CONF &&
        (f->id == IPV4_CONF_disable_policy || f->id == IPV4_CONF_disable_xfrm))
        return 1;
    if (c == CLASS_IPV6_CONF && (f->id == IPV6_CONF_accept_dad || f->id == IPV6_CONF_use_tempaddr))
        return -1;
    return def;
}

/* The limits now: some depend on other values. */
void sysctl_limits(const struct sysctl_ref *ref, int64_t *min, int64_t *max);
/* What reading gives, without a newline. -EIO: a secret that is not set. */
int sysctl_format(const struct sysctl_ref *ref, struct strbuf *out);
/* write(2): the values, as they are kept, from text. -EINVAL, -EIO. */
int sysctl_parse(const struct sysctl_ref *ref, const char *text, int64_t value[SYSCTL_WORDS_MAX]);
/* Store and do what a write does besides. 0 or -EINVAL. */
int sysctl_store(const struct sysctl_ref *ref, const int64_t value[SYSCTL_WORDS_MAX],
                 const char *text);

#endif
