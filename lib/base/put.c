#include "base/put.h"

#define TENS(row) row("1") row("2") row("3") row("4") row("5") row("6") row("7") row("8") row("9")
#define TEN(tens)                                                                           \
    tens "0.", tens "1.", tens "2.", tens "3.", tens "4.", tens "5.", tens "6.", tens "7.", \
        tens "8.", tens "9.",
/* clang-format off */
#define HUNDRED(hundreds)                                                                     \
    TEN(hundreds "0") TEN(hundreds "1") TEN(hundreds "2") TEN(hundreds "3") TEN(hundreds "4") \
    TEN(hundreds "5") TEN(hundreds "6") TEN(hundreds "7") TEN(hundreds "8") TEN(hundreds "9")
/* clang-format on */

/* With the dot that follows all but the last. */
const char put_octets[256][5] = {TEN("") TENS(TEN) HUNDRED("1") TEN("20") TEN("21") TEN("22")
                                     TEN("23") TEN("24") "250.",
                                 "251.",
                                 "252.",
                                 "253.",
                                 "254.",
                                 "255."};

const char put_pairs[201] = "00010203040506070809101112131415161718192021222324252627282930313233"
                            "34353637383940414243444546474849505152535455565758596061626364656667"
                            "6869707172737475767778798081828384858687888990919293949596979899";
