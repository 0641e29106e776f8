#!/bin/sh
# Builds the fuzz targets and runs each for FUZZ_SECONDS (2 unless told) from the committed corpus and what earlier runs
# found, which is kept in build/fuzz. Closes with a line `N passed, N failed`, over the targets.
#   FUZZ_TARGETS  which (all unless told)
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=${FUZZ_SECONDS:-2}
out=build/fuzz
passed=0
failed=0
flags='-g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=undefined'

make -s -j2 LUA=lua5.4 CC=clang ASSERTS=1 "BUILD=$out" "CFLAGS=$flags -fsanitize=fuzzer-no-link,address,undefined" || {
  echo "the core was not built"
  echo "0 passed, 1 failed"
  exit 1
}

export ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1"
for name in ${FUZZ_TARGETS:-$(ls spec/fuzz/corpus)}; do
  # shellcheck disable=SC2046,SC2086
  if ! clang $flags -fsanitize=fuzzer,address,undefined "-DTARGET=\"$name\"" $(pkg-config --cflags lua5.4) \
    -o "$out/$name" spec/fuzz/target.c $(find "$out/lua5.4/obj" -name '*.o') \
    $(pkg-config --libs lua5.4 libcurl libcrypto) -ldl; then
    failed=$((failed + 1))
    continue
  fi
  mkdir -p "$out/corpus/$name" "$out/found"
  if "$out/$name" "-max_total_time=$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -detect_leaks=0 \
    -dict=spec/fuzz/words.dict "-artifact_prefix=$out/found/$name-" "$out/corpus/$name" "spec/fuzz/corpus/$name" \
    >"$out/$name.log" 2>&1; then
    passed=$((passed + 1))
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$name.log") inputs in $seconds s"
  else
    failed=$((failed + 1))
    echo "$name: FAILED"
    tail -n 60 "$out/$name.log"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
