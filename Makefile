# dxconnect: build, install, test. `make help` lists the targets.

# The Lua to build for, install for and demonstrate with: a program (lua5.4, lua5.3, luajit, lua5.1, lua, a path) or 5.4.
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

# What the interpreter says of itself: "5.4", or "5.1 jit". A name that isn't a program, as 5.4 or lua-5.4, may mean one.
LUA_PROGRAM := $(shell for name in '$(LUA)' \
	$$(echo '$(LUA)' | sed -n 's/^\(lua\)\{0,1\}-\{0,1\}5\.\{0,1\}\([1-4]\)$$/lua5.\2 lua5\2 lua-5.\2/p'); do \
	command -v "$$name" && break; done)
LUA_SAYS := $(if $(LUA_PROGRAM),$(shell '$(LUA_PROGRAM)' \
	-e 'print(_VERSION:match("^Lua (%d+%.%d+)$$"), type(jit) == "table" and "jit" or "")' 2>/dev/null))
LUA_VERSION = $(firstword $(LUA_SAYS))
LUA_NAME = $(if $(filter jit,$(LUA_SAYS)),luajit,lua$(LUA_VERSION))
# The first name by which pkg-config knows headers of this very version.
LUA_PACKAGE = $(shell for name in $(if $(filter jit,$(LUA_SAYS)),luajit,lua$(LUA_VERSION) lua-$(LUA_VERSION) \
	lua$(subst .,,$(LUA_VERSION)) lua); do \
	$(PKG_CONFIG) --modversion "$$name" 2>/dev/null | grep -qE '^$(if $(filter jit,$(LUA_SAYS)),2,$(LUA_VERSION))(\.|$$)' && \
	echo "$$name" && break; done)
LUA_CFLAGS := $(if $(LUA_VERSION),$(shell $(PKG_CONFIG) --cflags $(LUA_PACKAGE) 2>/dev/null))

# libcrypto first: most symbols that the loader looks up are its own.
LIBRARIES = libcrypto libcurl
DEP_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) libssl 2>/dev/null)
DEP_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null)

OUT = $(BUILD)/$(LUA_NAME)
CORE = $(OUT)/dxconnect/core.so
SOURCES = $(shell find csrc -name "*.c")
OBJECTS = $(SOURCES:csrc/%.c=$(OUT)/obj/%.o)
# ASSERTS=1 keeps the asserts, which tests have and users don't.
COMPILE = $(CC) $(WARNINGS) $(if $(ASSERTS),,-DNDEBUG) $(CPPFLAGS) $(CFLAGS) -fPIC -fvisibility=hidden -Icsrc $(LUA_CFLAGS) $(DEP_CFLAGS)
# The core stays mapped when Lua unloads it: 5.1 and LuaJIT do so while finalizers may still come that are its own.
STAY = $(if $(filter Darwin,$(shell uname)),-undefined dynamic_lookup,-Wl,-z,nodelete)
LINK = $(CC) -shared -pthread $(STAY) $(CFLAGS) $(LDFLAGS)

MODULES = $(shell cd lua && find dxconnect -name '*.lua')
LUADIR = $(PREFIX)/share/lua/$(LUA_VERSION)
LIBDIR = $(PREFIX)/lib/lua/$(LUA_VERSION)
BINDIR = $(PREFIX)/bin

# V=1 shows whole commands, -s shows nothing.
SAY = $(if $(V),,@$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo "$(1)";))

.DEFAULT_GOAL := build
.PHONY: build core deps demo run-demo demo-inventory run-demo-inventory demo-openresty test check lint bench install \
	uninstall dist model docs clean help FORCE
.DELETE_ON_ERROR:

## build: compile build/LUA/dxconnect/core.so, and the command build/bin/dxconnect for that Lua (the default target)
build: core $(BUILD)/bin/dxconnect

core: $(CORE)

$(CORE): $(OBJECTS) $(OUT)/flags
	@mkdir -p $(@D)
	$(call SAY,LINK $@)$(LINK) -o $@ $(OBJECTS) $(DEP_LIBS)

$(OUT)/obj/%.o: csrc/%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call SAY,CC $<)$(COMPILE) -MMD -MP -c -o $@ $<

# Says all that is missing, each by its own name.
define LOOK_AROUND
	missing=; lacks() { missing="$$missing"$$(printf '\n  %s' "$$*"); }; \
	command -v "$(firstword $(CC))" >/dev/null || lacks "$(firstword $(CC)), a C compiler"; \
	command -v "$(firstword $(PKG_CONFIG))" >/dev/null || lacks "$(firstword $(PKG_CONFIG))"; \
	for wanted in "libcurl 7.80" "libcrypto 3.0"; do \
		library=$${wanted% *}; found=$$($(PKG_CONFIG) --modversion "$$library" 2>/dev/null); \
		$(PKG_CONFIG) --exists "$$library >= $${wanted#* }" 2>/dev/null || \
			lacks "$$library >= $${wanted#* } with its headers, by pkg-config ($${found:-none} was found)"; \
	done; \
	if [ -z "$(LUA_PROGRAM)" ]; then lacks "$(LUA), the program that LUA names"; \
	elif [ -z "$(LUA_VERSION)" ]; then lacks "a Lua: LUA=$(LUA) isn't one"; \
	elif [ -z "$(filter 5.1 5.2 5.3 5.4,$(LUA_VERSION))" ]; then lacks "Lua 5.1 to 5.4: $(LUA_PROGRAM) is $(LUA_VERSION)"; \
	elif [ -z "$(LUA_CFLAGS)$(LUA_PACKAGE)" ]; then lacks "the headers of $(LUA_NAME), by pkg-config"; fi; \
	[ -z "$$missing" ] || { printf "missing:%s\n'make deps' installs what it can\n" "$$missing" >&2; exit 1; }
endef

# What the objects were built with: touched only when it changes, so that other flags, or a source less, build anew.
$(OUT)/flags: FORCE
	@$(LOOK_AROUND)
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(COMPILE) $(LINK) $(DEP_LIBS) $(sort $(SOURCES)))' | cmp -s - $@ || \
		echo '$(subst ','\'',$(COMPILE) $(LINK) $(DEP_LIBS) $(sort $(SOURCES)))' > $@

-include $(OBJECTS:.o=.d)

# The specs' server that misbehaves to order, and its certificates.
$(BUILD)/faultd: spec/support/faultd.c
	@mkdir -p $(@D)
	$(call SAY,CC $<)$(CC) -std=c99 -Wall -Wextra $(CFLAGS) -o $@ $< -lssl -lcrypto -lpthread

$(BUILD)/certificates/ca.pem: $(BUILD)/faultd
	@mkdir -p $(@D)
	@$(BUILD)/faultd --certificates $(@D)

## deps: install what is needed to build, test and check (Debian packages; elsewhere it says which)
deps:
	@.ci/deps check

## demo: order a connection and rotate MACsec keys on it, over HTTP, against the emulator
demo:
	@.ci/deps demo
	@$(MAKE) --no-print-directory -s run-demo

run-demo: build
	@LUA='$(LUA_PROGRAM)' sh examples/demo.sh

## demo-inventory: a whole estate against the emulator: a table, what is wrong, a picture, a change that is noticed
demo-inventory:
	@.ci/deps demo
	@$(MAKE) --no-print-directory -s run-demo-inventory

run-demo-inventory: build
	@LUA='$(LUA_PROGRAM)' sh examples/demo_inventory.sh

## demo-openresty: the same service seen from inside nginx, as a web page
demo-openresty:
	@.ci/deps check
	@echo "building for LuaJIT, which nginx runs"
	@$(MAKE) --no-print-directory -s core LUA=luajit
	@sh examples/openresty/run.sh

## test: the specs on Lua 5.4, all that needs no other Lua, sanitizer, nginx or browser
test:
	@.ci/deps test
	@bash spec/suite.sh test

## check: the rest: every Lua, sanitizers, valgrind, failing allocations, fuzz targets, nginx, the browser, installs
check:
	@.ci/deps check
	@bash spec/suite.sh check

## lint: luacheck, the compilers' warnings as errors, and the rules of style that a program can hold
lint:
	@.ci/deps check
	@bash .ci/lint

## bench: what a call costs beside a bare libcurl loop, an inventory, the emulator beside moto's server
bench:
	@.ci/deps check
	@$(MAKE) --no-print-directory -s build LUA=luajit
	@$(MAKE) --no-print-directory -s build LUA=lua5.4
	@sh spec/bench/run.sh
	@! command -v python3 >/dev/null || python3 -B spec/bench/serving.py $(BUILD)/bin/dxconnect

# Writes the command: a Lua script that finds its modules from where it is.
LAUNCHER = $(INSTALL) -d "$(dir $(1))"; sed 's|@LUA@|$(LUA_PROGRAM)|; 1s|/usr/bin/env /|/|' \
	lua/dxconnect/command/launcher > "$(1).$$$$" && chmod 755 "$(1).$$$$" && mv "$(1).$$$$" "$(1)"

# One file for every Lua, so times do not tell whether it is for this one.
$(BUILD)/bin/dxconnect: FORCE
	@$(call LAUNCHER,$@)

## install: PREFIX=DIR [DESTDIR=DIR] [LUA=...]: DIR/share/lua/5.x/dxconnect and DIR/lib/lua/5.x/dxconnect/core.so
install: $(CORE)
	@set -e; for file in $(MODULES); do \
		$(INSTALL) -d "$(DESTDIR)$(LUADIR)/$$(dirname $$file)"; \
		$(INSTALL) -m 644 lua/$$file "$(DESTDIR)$(LUADIR)/$$file"; \
	done
	@$(INSTALL) -d "$(DESTDIR)$(LIBDIR)/dxconnect"
	@$(INSTALL) -m 755 $(CORE) "$(DESTDIR)$(LIBDIR)/dxconnect/core.so"
	@$(call LAUNCHER,$(DESTDIR)$(BINDIR)/dxconnect)
	@echo "dxconnect for $(LUA_NAME) is in $(DESTDIR)$(LUADIR) and $(DESTDIR)$(LIBDIR)"
	@[ "$(origin LUADIR)" = file ] || exit 0; case ";$$('$(LUA_PROGRAM)' -e 'print(package.path .. ";" .. package.cpath)');" in \
	*";$(LUADIR)/?.lua;"*";$(LIBDIR)/?.so;"*) ;; \
	*) printf '%s does not look there by itself: set\n  %s\n  %s\n' "$(LUA_PROGRAM)" \
		"LUA_PATH='$(abspath $(LUADIR))/?.lua;$(abspath $(LUADIR))/?/init.lua;;'" \
		"LUA_CPATH='$(abspath $(LIBDIR))/?.so;;'" ;; \
	esac

## uninstall: remove what install put there, and nothing else
uninstall:
	@for file in $(MODULES); do rm -f "$(DESTDIR)$(LUADIR)/$$file"; done
	@rm -f "$(DESTDIR)$(LIBDIR)/dxconnect/core.so" "$(DESTDIR)$(BINDIR)/dxconnect"
	@for dir in "$(DESTDIR)$(LUADIR)/dxconnect" "$(DESTDIR)$(LIBDIR)/dxconnect"; do \
		if [ -d "$$dir" ]; then find "$$dir" -depth -type d -empty -delete; fi; done

VERSION := $(shell sed -n 's/^return "\(.*\)"$$/\1/p' lua/dxconnect/version.lua)
ARCHIVE = dxconnect-$(VERSION).tar.gz
URL ?= file://$(abspath $(BUILD))/dist/$(ARCHIVE)

## dist: [URL=where the archive will be]: build/dist/dxconnect-VERSION.tar.gz of what is committed, and its rockspec
dist:
	@rm -rf $(BUILD)/dist
	@mkdir -p $(BUILD)/dist
	@git archive --format=tar.gz --prefix=dxconnect-$(VERSION)/ -o $(BUILD)/dist/$(ARCHIVE) HEAD
	@sed -e 's/^version = .*/version = "$(VERSION)-1"/' -e 's|^  url = .*|  url = "$(URL)",|' \
		-e "/^  url = /a\\  md5 = \"$$(openssl md5 -r $(BUILD)/dist/$(ARCHIVE) | cut -d ' ' -f 1)\",\n  dir = \"dxconnect-$(VERSION)\"," \
		dxconnect-scm-1.rockspec > $(BUILD)/dist/dxconnect-$(VERSION)-1.rockspec
	@echo "$(BUILD)/dist/$(ARCHIVE) $(BUILD)/dist/dxconnect-$(VERSION)-1.rockspec"

## model: MODEL=service-2.json: compile a newer official model into csrc/model/model.c
model:
	@test -f "$(MODEL)" || { echo "make model MODEL=the service's official model file (service-2.json)" >&2; exit 1; }
	@.ci/deps demo
	@lua5.4 csrc/model/generate.lua "$(MODEL)" > csrc/model/model.c.new || { rm -f csrc/model/model.c.new; exit 1; }
	@mv csrc/model/model.c.new csrc/model/model.c

## docs: the reference as HTML in build/doc; lua/dxconnect/types.lua for editors, the help's first page
docs:
	@.ci/deps check
	@$(MAKE) --no-print-directory -s LUA=luajit $(BUILD)/luajit/dxconnect/core.so
	@rm -rf $(BUILD)/doc
	@mkdir -p $(BUILD)/doc
	@DXCONNECT_BUILD='$(BUILD)' luajit .ci/docs/generate.lua types
	@DXCONNECT_BUILD='$(BUILD)' luajit .ci/docs/generate.lua overview
	@DXCONNECT_BUILD='$(BUILD)' luajit .ci/docs/generate.lua html $(BUILD)/doc
	@echo "$(BUILD)/doc/index.html"

## clean: remove build/
clean:
	rm -rf $(BUILD)

## help: list the targets
help:
	@echo "LUA=$(LUA) (or lua5.3, luajit, lua5.1)  PREFIX=$(PREFIX)"
	@sed -n 's/^## \([a-z-]*\): /\1	/p' Makefile | awk -F '\t' '{ printf "  %-15s %s\n", $$1, $$2 }'
