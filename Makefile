# dxconnect: build, install, test. `make help` lists the targets.

# The Lua to build for, install for and demonstrate with: lua5.4, lua5.3, luajit or lua5.1.
LUA ?= lua5.4
PREFIX ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config
CC ?= cc
CFLAGS ?= -O2 -g
INSTALL ?= install
MODEL ?= model.json

WARNINGS = -std=c99 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wconversion -Wsign-conversion

JIT = $(findstring jit,$(LUA))
LUA_NAME = $(if $(JIT),luajit,$(notdir $(LUA)))
LUA_VERSION = $(if $(JIT),5.1,$(patsubst lua%,%,$(LUA_NAME)))
# libcrypto first: most symbols that the loader looks up are its own.
LIBRARIES = libcrypto libcurl
LUA_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LUA_NAME) 2>/dev/null)
DEP_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) libssl 2>/dev/null)
DEP_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null)

OUT = $(BUILD)/$(LUA_NAME)
CORE = $(OUT)/dxconnect/core.so
SOURCES = $(shell find csrc -name "*.c")
OBJECTS = $(SOURCES:csrc/%.c=$(OUT)/obj/%.o)
COMPILE = $(CC) $(WARNINGS) $(CPPFLAGS) $(CFLAGS) -fPIC -fvisibility=hidden -Icsrc $(LUA_CFLAGS) $(DEP_CFLAGS)
# The core stays mapped when Lua unloads it: 5.1 and LuaJIT do so while finalizers may still come that are its own.
STAY = $(if $(filter Darwin,$(shell uname)),-undefined dynamic_lookup,-Wl,-z,nodelete)
LINK = $(CC) -shared -pthread $(STAY) $(CFLAGS) $(LDFLAGS)

MODULES = $(shell cd lua && find dxconnect -name '*.lua')
LUA_DIR = $(DESTDIR)$(PREFIX)/share/lua/$(LUA_VERSION)
LIB_DIR = $(DESTDIR)$(PREFIX)/lib/lua/$(LUA_VERSION)

.DEFAULT_GOAL := build
.PHONY: build deps demo demo-openresty test lint bench install uninstall model docs clean help FORCE
.DELETE_ON_ERROR:

## build: compile build/LUA/dxconnect/core.so (the default target)
build: $(CORE)

$(CORE): $(OBJECTS) $(OUT)/flags
	@mkdir -p $(@D)
	$(LINK) -o $@ $(OBJECTS) $(DEP_LIBS)

$(OUT)/obj/%.o: csrc/%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# What the objects were built with: touched only when it changes, so that other flags, or a source less, build anew.
$(OUT)/flags: FORCE
	@$(PKG_CONFIG) --exists $(LIBRARIES) $(if $(LUA_CFLAGS),,$(LUA_NAME)) || \
		{ echo "$(LUA_NAME), libcurl or OpenSSL was not found by $(PKG_CONFIG): 'make deps' installs them" >&2; exit 1; }
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(COMPILE) $(LINK) $(DEP_LIBS) $(sort $(SOURCES)))' | cmp -s - $@ || \
		echo '$(subst ','\'',$(COMPILE) $(LINK) $(DEP_LIBS) $(sort $(SOURCES)))' > $@

-include $(OBJECTS:.o=.d)

# The specs' server that misbehaves to order, and its certificates.
$(BUILD)/faultd: spec/support/faultd.c
	@mkdir -p $(@D)
	$(CC) -std=c99 -Wall -Wextra $(CFLAGS) -o $@ $< -lssl -lcrypto -lpthread

$(BUILD)/certificates/ca.pem: $(BUILD)/faultd
	@mkdir -p $(@D)
	@$(BUILD)/faultd --certificates $(@D)

## deps: install what is needed to build, test and check (Debian packages; elsewhere it says which)
deps:
	@.ci/deps all

## demo: order a connection and rotate MACsec keys on it, over HTTP, against the emulator
demo:
	@.ci/deps demo
	@$(MAKE) --no-print-directory -s build
	@LUA=$(LUA) sh examples/demo.sh

## demo-openresty: the same service seen from inside nginx, as a web page
demo-openresty:
	@.ci/deps all
	@$(MAKE) --no-print-directory -s build LUA=luajit
	@sh examples/openresty/run.sh

## test: every spec on Lua 5.4, 5.3, 5.1 and LuaJIT, under the sanitizers and valgrind
test:
	@.ci/deps all
	@bash spec/all.sh

## lint: luacheck, and the compilers' warnings as errors
lint:
	@.ci/deps all
	@bash .ci/lint

## bench: what a call costs beside a bare libcurl loop
bench:
	@.ci/deps all
	@$(MAKE) --no-print-directory -s build LUA=lua5.4
	@$(MAKE) --no-print-directory -s build LUA=luajit
	@sh spec/bench/run.sh

## install: PREFIX=DIR [DESTDIR=DIR] [LUA=...]: DIR/share/lua/5.x/dxconnect and DIR/lib/lua/5.x/dxconnect/core.so
install: $(CORE)
	@set -e; for file in $(MODULES); do \
		$(INSTALL) -d "$(LUA_DIR)/$$(dirname $$file)"; \
		$(INSTALL) -m 644 lua/$$file "$(LUA_DIR)/$$file"; \
	done
	@$(INSTALL) -d "$(LIB_DIR)/dxconnect"
	@$(INSTALL) -m 755 $(CORE) "$(LIB_DIR)/dxconnect/core.so"
	@echo "dxconnect is in $(LUA_DIR) and $(LIB_DIR)"

## uninstall: remove what install put there, and nothing else
uninstall:
	@for file in $(MODULES); do rm -f "$(LUA_DIR)/$$file"; done
	@rm -f "$(LIB_DIR)/dxconnect/core.so"
	@for dir in "$(LUA_DIR)/dxconnect" "$(LIB_DIR)/dxconnect"; do \
		if [ -d "$$dir" ]; then find "$$dir" -depth -type d -empty -delete; fi; done

## model: MODEL=service-2.json: compile a newer official model into csrc/model/model.c
model:
	@test -f "$(MODEL)" || { echo "make model MODEL=the service's official model file (service-2.json)" >&2; exit 1; }
	@.ci/deps demo
	@lua5.4 csrc/model/generate.lua "$(MODEL)" > csrc/model/model.c.new || { rm -f csrc/model/model.c.new; exit 1; }
	@mv csrc/model/model.c.new csrc/model/model.c

## docs: the modules' reference as HTML in build/doc
docs:
	@.ci/deps all
	@rm -rf $(BUILD)/doc
	@mkdir -p $(BUILD)
	@HOME="$${HOME:-/}" ldoc -q -i -a -p dxconnect -t dxconnect -d $(BUILD)/doc -f backtick lua >$(BUILD)/doc.log 2>&1 || \
		{ cat $(BUILD)/doc.log >&2; exit 1; }
	@grep -v 'contains no items$$' $(BUILD)/doc.log >&2 || true
	@echo "$(BUILD)/doc/index.html"

## clean: remove build/
clean:
	rm -rf $(BUILD)

## help: list the targets
help:
	@echo "LUA=$(LUA) (or lua5.3, luajit, lua5.1)  PREFIX=$(PREFIX)"
	@sed -n 's/^## \([a-z-]*\): /\1	/p' Makefile | awk -F '\t' '{ printf "  %-15s %s\n", $$1, $$2 }'
