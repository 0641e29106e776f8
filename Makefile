# dxconnect: build, install, test. `make help` lists the targets.
LUA ?= lua5.4
PREFIX ?= /usr/local
BUILD = build

CC ?= cc
CFLAGS ?= -O2 -g
WARNINGS = -std=c99 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla

LUA_VERSION = $(if $(findstring jit,$(LUA)),5.1,$(patsubst lua%,%,$(LUA)))
LUA_PKG = $(if $(findstring jit,$(LUA)),luajit,$(LUA))
LUA_CFLAGS = $(shell pkg-config --cflags $(LUA_PKG))
DEP_CFLAGS = $(shell pkg-config --cflags libcurl libcrypto libssl)
DEP_LIBS = $(shell pkg-config --libs libcurl libcrypto)

OUT = $(BUILD)/$(LUA)
SOURCES = $(wildcard csrc/*.c) $(wildcard csrc/model/*.c)
OBJECTS = $(SOURCES:csrc/%.c=$(OUT)/obj/%.o)
CORE = $(OUT)/dxconnect/core.so

.PHONY: build clean
build: $(CORE)

$(CORE): $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) -shared $(LDFLAGS) -o $@ $^ $(DEP_LIBS)

$(OUT)/obj/%.o: csrc/%.c
	@mkdir -p $(@D)
	$(CC) $(WARNINGS) $(CFLAGS) -fPIC -fvisibility=hidden $(LUA_CFLAGS) $(DEP_CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)

clean:
	rm -rf $(BUILD)
