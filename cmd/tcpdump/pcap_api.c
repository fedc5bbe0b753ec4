#include "cmd/tcpdump/pcap_api.h"

#ifdef VNET_STATIC_PCAP /* linked in */

#define PCAP_API_DECLARE(result, name, args) extern result name args;
PCAP_API_FUNCTIONS(PCAP_API_DECLARE)
#undef PCAP_API_DECLARE

int pcap_api_open(struct pcap_api *api, char err[PCAP_API_ERRBUF])
{
    (void)err;
    api->library = api; /* open: nothing else is asked of it */
#define PCAP_API_LINK(result, name, args) api->name = name;
    PCAP_API_FUNCTIONS(PCAP_API_LINK)
#undef PCAP_API_LINK
    return 0;
}

void pcap_api_close(struct pcap_api *api)
{
    api->library = NULL;
}

#elif defined(VNET_STATIC) /* no dlopen() either */

int pcap_api_open(struct pcap_api *api, char err[PCAP_API_ERRBUF])
{
    (void)api;
    snprintf(err, PCAP_API_ERRBUF,
             "this vnet is linked statically, without libpcap: filter expressions and capture "
             "files need one that is not");
    return -1;
}

void pcap_api_close(struct pcap_api *api)
{
    (void)api;
}

#else

#include "cmd/dynlib.h"

static const char *const library_names[] = {
    "libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.A.dylib", "libpcap.dylib", NULL,
};

static int load_all(struct pcap_api *api, char err[PCAP_API_ERRBUF])
{
#define PCAP_API_LOAD(result, name, args)                                                    \
    if (dynlib_symbol(api->library, #name, &api->name, sizeof(api->name)) < 0) {             \
        snprintf(err, PCAP_API_ERRBUF, "the libpcap found is too old: it has no %s", #name); \
        return -1;                                                                           \
    }
    PCAP_API_FUNCTIONS(PCAP_API_LOAD)
#undef PCAP_API_LOAD
    return 0;
}

int pcap_api_open(struct pcap_api *api, char err[PCAP_API_ERRBUF])
{
    if (api->library)
        return 0;
    api->library = dynlib_open(library_names);
    if (!api->library) {
        snprintf(err, PCAP_API_ERRBUF,
                 "filter expressions and capture files need libpcap, which is not installed");
        return -1;
    }
    if (load_all(api, err) < 0) {
        pcap_api_close(api);
        return -1;
    }
    return 0;
}

void pcap_api_close(struct pcap_api *api)
{
    dynlib_close(api->library);
    api->library = NULL;
}

#endif
