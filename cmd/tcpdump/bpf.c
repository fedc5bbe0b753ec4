#include "cmd/tcpdump/bpf.h"

#include "base/bytes.h"

enum { /* the parts of an instruction's code, <linux/bpf_common.h> */
       CLASS_LD = 0x00,
       CLASS_LDX = 0x01,
       CLASS_ST = 0x02,
       CLASS_STX = 0x03,
       CLASS_ALU = 0x04,
       CLASS_JMP = 0x05,
       CLASS_RET = 0x06,
       CLASS_MISC = 0x07,
       SIZE_W = 0x00,
       SIZE_H = 0x08,
       SIZE_B = 0x10,
       MODE_IMM = 0x00,
       MODE_ABS = 0x20,
       MODE_IND = 0x40,
       MODE_MEM = 0x60,
       MODE_LEN = 0x80,
       MODE_MSH = 0xa0,
       SOURCE_X = 0x08,
       RETURN_A = 0x10,
       MISC_TXA = 0x80,
};

enum { MOST_STEPS = 1 << 20 }; /* no packet has that many headers */

enum { /* SKF_AD_*: offsets from SKF_AD_OFF */
       AD_PROTOCOL = 0,
       AD_PKTTYPE = 4,
       AD_IFINDEX = 8,
       AD_HATYPE = 28,
       AD_VLAN_TAG = 44,
       AD_VLAN_PRESENT = 48,
};

#define AD_OFFSET 0xfffff000u /* SKF_AD_OFF, -0x1000 */

struct machine {
    const uint8_t *data;
    uint32_t caplen, len;
    const struct bpf_meta *meta;
    uint32_t a, x, mem[16];
    bool failed;
};

static uint32_t load_meta(struct machine *m, uint32_t what)
{
    if (m->meta) {
        switch (what) {
        case AD_PROTOCOL:
            return m->meta->protocol;
        case AD_PKTTYPE:
            return m->meta->pkttype;
        case AD_IFINDEX:
            return (uint32_t)m->meta->ifindex;
        case AD_HATYPE:
            return m->meta->arphrd;
        case AD_VLAN_TAG: /* tags are in the bytes */
        case AD_VLAN_PRESENT:
            return 0;
        }
    }
    m->failed = true;
    return 0;
}

static uint32_t load_packet(struct machine *m, uint32_t at, unsigned size)
{
    uint32_t bytes = size == SIZE_W ? 4 : size == SIZE_H ? 2 : 1;
    if (at >= AD_OFFSET)
        return load_meta(m, at - AD_OFFSET);
    if (bytes > m->caplen || at > m->caplen - bytes) {
        m->failed = true;
        return 0;
    }
    const uint8_t *p = m->data + at;
    return size == SIZE_W ? get_be32(p) : size == SIZE_H ? get_be16(p) : *p;
}

static uint32_t load(struct machine *m, const struct bpf_insn *in)
{
    unsigned size = in->code & 0x18;
    switch (in->code & 0xe0) {
    case MODE_IMM:
        return in->k;
    case MODE_ABS:
        return load_packet(m, in->k, size);
    case MODE_IND:
        return load_packet(m, m->x + in->k, size);
    case MODE_MEM:
        return m->mem[in->k & 15];
    case MODE_LEN:
        return m->len;
    case MODE_MSH: /* the length of an IPv4 header */
        return (load_packet(m, in->k, SIZE_B) & 15) * 4;
    }
    m->failed = true;
    return 0;
}

static uint32_t compute(struct machine *m, const struct bpf_insn *in)
{
    uint32_t v = in->code & SOURCE_X ? m->x : in->k;
    switch (in->code >> 4) {
    case 0x0:
        return m->a + v;
    case 0x1:
        return m->a - v;
    case 0x2:
        return m->a * v;
    case 0x3:
    case 0x9:
        m->failed |= v == 0;
        return v == 0 ? 0 : in->code >> 4 == 3 ? m->a / v : m->a % v;
    case 0x4:
        return m->a | v;
    case 0x5:
        return m->a & v;
    case 0x6:
        return v < 32 ? m->a << v : 0;
    case 0x7:
        return v < 32 ? m->a >> v : 0;
    case 0x8:
        return 0 - m->a;
    case 0xa:
        return m->a ^ v;
    }
    m->failed = true;
    return 0;
}

/* How many instructions to skip; back, where it goes along a chain of headers. */
static int32_t jump(struct machine *m, const struct bpf_insn *in)
{
    uint32_t v = in->code & SOURCE_X ? m->x : in->k;
    bool yes = false;
    switch (in->code >> 4) {
    case 0x0:
        return (int32_t)in->k;
    case 0x1:
        yes = m->a == v;
        break;
    case 0x2:
        yes = m->a > v;
        break;
    case 0x3:
        yes = m->a >= v;
        break;
    case 0x4:
        yes = m->a & v;
        break;
    default:
        m->failed = true;
    }
    return yes ? in->jt : in->jf;
}

static void move(struct machine *m, const struct bpf_insn *in)
{
    if (in->code & MISC_TXA)
        m->a = m->x;
    else
        m->x = m->a;
}

uint32_t bpf_run(const struct bpf_insn *program, size_t n, const uint8_t *data, uint32_t caplen,
                 uint32_t len, const struct bpf_meta *meta)
{
    struct machine m = {.data = data, .caplen = caplen, .len = len, .meta = meta};
    int64_t pc = 0;
    for (unsigned steps = 0; steps < MOST_STEPS && !m.failed; steps++, pc++) {
        if (pc < 0 || (size_t)pc >= n)
            break;
        const struct bpf_insn *in = &program[pc];
        switch (in->code & 7) {
        case CLASS_LD:
            m.a = load(&m, in);
            break;
        case CLASS_LDX:
            m.x = load(&m, in);
            break;
        case CLASS_ST:
            m.mem[in->k & 15] = m.a;
            break;
        case CLASS_STX:
            m.mem[in->k & 15] = m.x;
            break;
        case CLASS_ALU:
            m.a = compute(&m, in);
            break;
        case CLASS_JMP:
            pc += jump(&m, in);
            break;
        case CLASS_RET:
            return in->code & RETURN_A ? m.a : in->k;
        case CLASS_MISC:
            move(&m, in);
            break;
        }
    }
    return 0;
}
