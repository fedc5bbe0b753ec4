# vnet: Linux networking as typed at a shell, emulated.
#
#   make            build ./vnet
#   make check      build and run every test that needs no root
# see CONTRIBUTING.md for the rest.

CC       ?= gcc
AR       ?= ar
PREFIX   ?= /usr/local
BUILD    ?= build
OPT      ?= -O2 -g
WARN     := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -Ilib -I.
CFLAGS   += -std=c11 $(OPT) $(WARN)
LDLIBS   :=

LIB_SRC  := $(sort $(wildcard lib/*.c lib/*/*.c))
CMD_SRC  := $(sort $(filter-out cmd/main.c,$(wildcard cmd/*.c cmd/*/*.c)))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
obj       = $(patsubst %.c,$(BUILD)/%.o,$(1))
UNIT_BIN := $(patsubst %.c,$(BUILD)/%,$(UNIT_SRC))

.PHONY: all check clean
all: $(BUILD)/vnet

$(BUILD)/vnet: $(BUILD)/cmd/main.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libvnet.a: $(call obj,$(LIB_SRC))
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/libcmd.a: $(call obj,$(CMD_SRC))
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/unify: $(BUILD)/tests/unify.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: objs unit
objs: $(BUILD)/libcmd.a $(BUILD)/libvnet.a
unit: $(UNIT_BIN)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
