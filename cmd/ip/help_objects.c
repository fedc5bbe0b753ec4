/* The usage texts of iproute2 6.1.0's smaller objects, as recorded from it. */
#include "cmd/ip/help.h"

#include "base/mem.h"

static const char addrlabel_usage[] =
    "Usage: ip addrlabel { add | del } prefix PREFIX [ dev DEV ] [ label LABEL ]\n"
    "       ip addrlabel [ list | flush | help ]\n";

static const char fou_usage[] = "Usage: ip fou add port PORT { ipproto PROTO  | gue }\n"
                                "\t\t   [ local IFADDR ] [ peer IFADDR ]\n"
                                "\t\t   [ peer_port PORT ] [ dev IFNAME ]\n"
                                "       ip fou del port PORT [ local IFADDR ]\n"
                                "\t\t   [ peer IFADDR ] [ peer_port PORT ]\n"
                                "\t\t   [ dev IFNAME ]\n"
                                "       ip fou show\n"
                                "\n"
                                "Where: PROTO { ipproto-name | 1..255 }\n"
                                "       PORT { 1..65535 }\n"
                                "       IFADDR { addr }\n";

static const char ila_usage[] =
    "Usage: ip ila add loc_match LOCATOR_MATCH loc LOCATOR [ dev DEV ] OPTIONS\n"
    "       ip ila del loc_match LOCATOR_MATCH [ loc LOCATOR ] [ dev DEV ]\n"
    "       ip ila list\n"
    "OPTIONS := [ csum-mode { adj-transport | neutral-map |\n"
    "                         neutral-map-auto | no-action } ]\n"
    "           [ ident-type { luid | use-format } ]\n";

static const char ioam_usage[] = "Usage:\tip ioam { COMMAND | help }\n"
                                 "\tip ioam namespace show\n"
                                 "\tip ioam namespace add ID [ data DATA32 ] [ wide DATA64 ]\n"
                                 "\tip ioam namespace del ID\n"
                                 "\tip ioam schema show\n"
                                 "\tip ioam schema add ID DATA\n"
                                 "\tip ioam schema del ID\n"
                                 "\tip ioam namespace set ID schema { ID | none }\n";

static const char l2tp_usage[] = "Usage: ip l2tp add tunnel\n"
                                 "          remote ADDR local ADDR\n"
                                 "          tunnel_id ID peer_tunnel_id ID\n"
                                 "          [ encap { ip | udp } ]\n"
                                 "          [ udp_sport PORT ] [ udp_dport PORT ]\n"
                                 "          [ udp_csum { on | off } ]\n"
                                 "          [ udp6_csum_tx { on | off } ]\n"
                                 "          [ udp6_csum_rx { on | off } ]\n"
                                 "Usage: ip l2tp add session [ name NAME ]\n"
                                 "          tunnel_id ID\n"
                                 "          session_id ID peer_session_id ID\n"
                                 "          [ cookie HEXSTR ] [ peer_cookie HEXSTR ]\n"
                                 "          [ seq { none | send | recv | both } ]\n"
                                 "          [ l2spec_type L2SPEC ]\n"
                                 "       ip l2tp del tunnel tunnel_id ID\n"
                                 "       ip l2tp del session tunnel_id ID session_id ID\n"
                                 "       ip l2tp show tunnel [ tunnel_id ID ]\n"
                                 "       ip l2tp show session [ tunnel_id ID ] [ session_id ID ]\n"
                                 "\n"
                                 "Where: NAME   := STRING\n"
                                 "       ADDR   := { IP_ADDRESS | any }\n"
                                 "       PORT   := { 0..65535 }\n"
                                 "       ID     := { 1..4294967295 }\n"
                                 "       HEXSTR := { 8 or 16 hex digits (4 / 8 bytes) }\n"
                                 "       L2SPEC := { none | default }\n";

static const char macsec_usage[] =
    "Usage: ip macsec add DEV tx sa { 0..3 } [ OPTS ] key ID KEY\n"
    "       ip macsec set DEV tx sa { 0..3 } [ OPTS ]\n"
    "       ip macsec del DEV tx sa { 0..3 }\n"
    "       ip macsec add DEV rx SCI [ on | off ]\n"
    "       ip macsec set DEV rx SCI [ on | off ]\n"
    "       ip macsec del DEV rx SCI\n"
    "       ip macsec add DEV rx SCI sa { 0..3 } [ OPTS ] key ID KEY\n"
    "       ip macsec set DEV rx SCI sa { 0..3 } [ OPTS ]\n"
    "       ip macsec del DEV rx SCI sa { 0..3 }\n"
    "       ip macsec show\n"
    "       ip macsec show DEV\n"
    "       ip macsec offload DEV [ off | phy | mac ]\n"
    "where  OPTS := [ pn <u32> | xpn <u64> ] [ salt SALT ] [ ssci <u32> ] [ on | off ]\n"
    "       ID   := 128-bit hex string\n"
    "       KEY  := 128-bit or 256-bit hex string\n"
    "       SCI  := { sci <u64> | port { 1..2^16-1 } address <lladdr> }\n"
    "       SALT := 96-bit hex string\n";

static const char maddress_usage[] = "Usage: ip maddr [ add | del ] MULTIADDR dev STRING\n"
                                     "       ip maddr show [ dev STRING ]\n";

static const char monitor_usage[] =
    "Usage: ip monitor [ all | OBJECTS ] [ FILE ] [ label ] [ all-nsid ]\n"
    "                  [ dev DEVICE ]\n"
    "OBJECTS :=  address | link | mroute | neigh | netconf |\n"
    "            nexthop | nsid | prefix | route | rule | stats\n"
    "FILE := file FILENAME\n";

static const char mptcp_usage[] =
    "Usage:\tip mptcp endpoint add ADDRESS [ dev NAME ] [ id ID ]\n"
    "\t\t\t\t      [ port NR ] [ FLAG-LIST ]\n"
    "\tip mptcp endpoint delete id ID [ ADDRESS ]\n"
    "\tip mptcp endpoint change [ id ID ] [ ADDRESS ] [ port NR ] CHANGE-OPT\n"
    "\tip mptcp endpoint show [ id ID ]\n"
    "\tip mptcp endpoint flush\n"
    "\tip mptcp limits set [ subflows NR ] [ add_addr_accepted NR ]\n"
    "\tip mptcp limits show\n"
    "\tip mptcp monitor\n"
    "FLAG-LIST := [ FLAG-LIST ] FLAG\n"
    "FLAG  := [ signal | subflow | backup | fullmesh ]\n"
    "CHANGE-OPT := [ backup | nobackup | fullmesh | nofullmesh ]\n";

static const char mroute_usage[] =
    "Usage: ip mroute show [ [ to ] PREFIX ] [ from PREFIX ] [ iif DEVICE ]\n"
    "                      [ table TABLE_ID ]\n"
    "TABLE_ID := [ local | main | default | all | NUMBER ]\n";

static const char netconf_usage[] = "Usage: ip netconf show [ dev STRING ]\n";

static const char netns_usage[] =
    "Usage:\tip netns list\n"
    "\tip netns add NAME\n"
    "\tip netns attach NAME PID\n"
    "\tip netns set NAME NETNSID\n"
    "\tip [-all] netns delete [NAME]\n"
    "\tip netns identify [PID]\n"
    "\tip netns pids NAME\n"
    "\tip [-all] netns exec [NAME] cmd ...\n"
    "\tip netns monitor\n"
    "\tip netns list-id [target-nsid POSITIVE-INT] [nsid POSITIVE-INT]\n"
    "NETNSID := auto | POSITIVE-INT\n";

static const char nexthop_usage[] =
    "Usage: ip nexthop { list | flush } [ protocol ID ] SELECTOR\n"
    "       ip nexthop { add | replace } id ID NH [ protocol ID ]\n"
    "       ip nexthop { get | del } id ID\n"
    "       ip nexthop bucket list BUCKET_SELECTOR\n"
    "       ip nexthop bucket get id ID index INDEX\n"
    "SELECTOR := [ id ID ] [ dev DEV ] [ vrf NAME ] [ master DEV ]\n"
    "            [ groups ] [ fdb ]\n"
    "BUCKET_SELECTOR := SELECTOR | [ nhid ID ]\n"
    "NH := { blackhole | [ via ADDRESS ] [ dev DEV ] [ onlink ]\n"
    "        [ encap ENCAPTYPE ENCAPHDR ] |\n"
    "        group GROUP [ fdb ] [ type TYPE [ TYPE_ARGS ] ] }\n"
    "GROUP := [ <id[,weight]>/<id[,weight]>/... ]\n"
    "TYPE := { mpath | resilient }\n"
    "TYPE_ARGS := [ RESILIENT_ARGS ]\n"
    "RESILIENT_ARGS := [ buckets BUCKETS ] [ idle_timer IDLE ]\n"
    "                  [ unbalanced_timer UNBALANCED ]\n"
    "ENCAPTYPE := [ mpls ]\n"
    "ENCAPHDR := [ MPLSLABEL ]\n";

static const char ntable_usage[] =
    "Usage: ip ntable change name NAME [ dev DEV ]\n"
    "        [ thresh1 VAL ] [ thresh2 VAL ] [ thresh3 VAL ] [ gc_int MSEC ]\n"
    "        [ PARMS ]\n"
    "Usage: ip ntable show [ dev DEV ] [ name NAME ]\n"
    "PARMS := [ base_reachable MSEC ] [ retrans MSEC ] [ gc_stale MSEC ]\n"
    "         [ delay_probe MSEC ] [ queue LEN ]\n"
    "         [ app_probes VAL ] [ ucast_probes VAL ] [ mcast_probes VAL ]\n"
    "         [ anycast_delay MSEC ] [ proxy_delay MSEC ] [ proxy_queue LEN ]\n"
    "         [ locktime MSEC ]\n";

static const char sr_usage[] = "Usage: ip sr { COMMAND | help }\n"
                               "          ip sr hmac show\n"
                               "          ip sr hmac set KEYID ALGO\n"
                               "          ip sr tunsrc show\n"
                               "          ip sr tunsrc set ADDRESS\n"
                               "where  ALGO := { sha1 | sha256 }\n";

static const char stats_usage[] =
    "Usage: ip stats help\n"
    "       ip stats show [ dev DEV ] [ group GROUP [ subgroup SUBGROUP [ suite SUITE ] ... ] ... "
    "] ...\n"
    "       ip stats set dev DEV l3_stats { on | off }\n"
    "GROUP := { link | xstats | xstats_slave | offload | afstats }\n"
    "xstats SUBGROUP := { bridge [ suite stp ] [ suite mcast ] | bond [ suite 802.3ad ] }\n"
    "xstats_slave SUBGROUP := { bridge [ suite stp ] [ suite mcast ] | bond [ suite 802.3ad ] }\n"
    "offload SUBGROUP := { cpu_hit | hw_stats_info | l3_stats }\n"
    "afstats SUBGROUP := { mpls }\n";

static const char tcpmetrics_usage[] = "Usage:\tip tcp_metrics/tcpmetrics { COMMAND | help }\n"
                                       "\tip tcp_metrics { show | flush } SELECTOR\n"
                                       "\tip tcp_metrics delete [ address ] ADDRESS\n"
                                       "SELECTOR := [ [ address ] PREFIX ]\n";

static const char token_usage[] =
    "Usage: ip token [ list | set | del | get ] [ TOKEN ] [ dev DEV ]\n";

static const char tunnel_usage[] =
    "Usage: ip tunnel { add | change | del | show | prl | 6rd } [ NAME ]\n"
    "        [ mode { gre | ipip | isatap | sit | vti } ]\n"
    "        [ remote ADDR ] [ local ADDR ]\n"
    "        [ [i|o]seq ] [ [i|o]key KEY ] [ [i|o]csum ]\n"
    "        [ prl-default ADDR ] [ prl-nodefault ADDR ] [ prl-delete ADDR ]\n"
    "        [ 6rd-prefix ADDR ] [ 6rd-relay_prefix ADDR ] [ 6rd-reset ]\n"
    "        [ ttl TTL ] [ tos TOS ] [ [no]pmtudisc ] [ dev PHYS_DEV ]\n"
    "\n"
    "Where: NAME := STRING\n"
    "       ADDR := { IP_ADDRESS | any }\n"
    "       TOS  := { STRING | 00..ff | inherit | inherit/STRING | inherit/00..ff }\n"
    "       TTL  := { 1..255 | inherit }\n"
    "       KEY  := { DOTTED_QUAD | NUMBER }\n";

static const char tuntap_usage[] =
    "Usage: ip tuntap { add | del | show | list | lst | help } [ dev PHYS_DEV ]\n"
    "       [ mode { tun | tap } ] [ user USER ] [ group GROUP ]\n"
    "       [ one_queue ] [ pi ] [ vnet_hdr ] [ multi_queue ] [ name NAME ]\n"
    "\n"
    "Where: USER  := { STRING | NUMBER }\n"
    "       GROUP := { STRING | NUMBER }\n";

static const char vrf_usage[] = "Usage:\tip vrf show [NAME] ...\n"
                                "\tip vrf exec [NAME] cmd ...\n"
                                "\tip vrf identify [PID]\n"
                                "\tip vrf pids [NAME]\n";

static const char xfrm_usage[] = "Usage: ip xfrm XFRM-OBJECT { COMMAND | help }\n"
                                 "where  XFRM-OBJECT := state | policy | monitor\n";

const char *ip_object_text(enum ip_help topic)
{
    static const char *const texts[] = {
        [HELP_ADDRLABEL] = addrlabel_usage,
        [HELP_FOU] = fou_usage,
        [HELP_ILA] = ila_usage,
        [HELP_IOAM] = ioam_usage,
        [HELP_L2TP] = l2tp_usage,
        [HELP_MACSEC] = macsec_usage,
        [HELP_MADDRESS] = maddress_usage,
        [HELP_MONITOR] = monitor_usage,
        [HELP_MPTCP] = mptcp_usage,
        [HELP_MROUTE] = mroute_usage,
        [HELP_NETCONF] = netconf_usage,
        [HELP_NETNS] = netns_usage,
        [HELP_NEXTHOP] = nexthop_usage,
        [HELP_NTABLE] = ntable_usage,
        [HELP_SR] = sr_usage,
        [HELP_STATS] = stats_usage,
        [HELP_TCPMETRICS] = tcpmetrics_usage,
        [HELP_TOKEN] = token_usage,
        [HELP_TUNNEL] = tunnel_usage,
        [HELP_TUNTAP] = tuntap_usage,
        [HELP_VRF] = vrf_usage,
        [HELP_XFRM] = xfrm_usage,
    };
    return topic < ARRAY_LEN(texts) ? texts[topic] : NULL;
}
