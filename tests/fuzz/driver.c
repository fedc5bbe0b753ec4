/* A driver for the fuzz targets where libFuzzer is not at hand: seeds from the corpus folder, and random
 * mutations of them from a fixed seed. Usage: fuzz_NAME [RUNS [CORPUS-FOLDER]]. Prints a TAP line. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LARGEST = 65536 };

struct seeds {
    struct seed {
        uint8_t *data;
        size_t size;
    } * seed;
    size_t n, cap;
};

static void add_seed(struct seeds *s, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return;
    uint8_t *data = mem_alloc(LARGEST);
    size_t n = fread(data, 1, LARGEST, f);
    fclose(f);
    ARRAY_GROW(s->seed, s->n, s->cap);
    s->seed[s->n++] = (struct seed){data, n};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order of name, so that every run is the same. */
static void read_corpus(struct seeds *s, const char *folder)
{
    char *names[512];
    size_t n = 0;
    DIR *d = folder ? opendir(folder) : NULL;
    for (struct dirent *e; d && n < 512 && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        char path[1024];
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        names[n++] = mem_strdup(path);
    }
    if (d)
        closedir(d);
    qsort(names, n, sizeof(names[0]), by_name);
    for (size_t i = 0; i < n; i++) {
        add_seed(s, names[i]);
        free(names[i]);
    }
}

static size_t mutate(struct rng *r, uint8_t *buf, size_t size)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, '"', '{', '[', '-', ' ', '\n', '/'};
    unsigned changes = 1 + (unsigned)rng_below(r, 6);
    while (changes--) {
        size_t at = size ? rng_below(r, size) : 0;
        switch (size ? rng_below(r, 6) : 3) {
        case 0: buf[at] ^= (uint8_t)(1U << rng_below(r, 8)); break;
        case 1: buf[at] = (uint8_t)rng_next(r); break;
        case 2: buf[at] = edges[rng_below(r, sizeof(edges))]; break;
        case 3: /* grow */
            if (size < LARGEST) {
                memmove(buf + at + 1, buf + at, size - at);
                buf[at] = (uint8_t)rng_next(r);
                size++;
            }
            break;
        case 4: { /* cut out */
            size_t n = 1 + rng_below(r, size - at);
            memmove(buf + at, buf + at + n, size - at - n);
            size -= n;
            break;
        }
        case 5: size = at; break;
        }
    }
    return size;
}

int main(int argc, char **argv)
{
    struct seeds s = {0};
    struct rng r;
    long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 2000;
    const char *name = strrchr(argv[0], '/');
    uint8_t *buf = mem_alloc(LARGEST);
    rng_seed(&r, 1);
    read_corpus(&s, argc > 2 ? argv[2] : NULL);
    for (size_t i = 0; i < s.n; i++)
        LLVMFuzzerTestOneInput(s.seed[i].data, s.seed[i].size);
    for (long i = 0; i < runs; i++) {
        size_t size = 0;
        if (s.n) {
            const struct seed *from = &s.seed[rng_below(&r, s.n)];
            size = from->size;
            memcpy(buf, from->data, size);
        }
        size = mutate(&r, buf, size);
        uint8_t *exact = mem_alloc(size); /* so that sanitizers see an overrun */
        memcpy(exact, buf, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    printf("ok 1 - %s: %zu seeds, %ld mutations\n1 passed, 0 failed\n", name ? name + 1 : argv[0], s.n,
           runs);
    for (size_t i = 0; i < s.n; i++)
        free(s.seed[i].data);
    free(s.seed);
    free(buf);
    return 0;
}
