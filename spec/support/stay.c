/*
 * Preloaded in front of libdl while leaks are looked for: a module that Lua closes stays mapped, so that the report at
 * exit can name the functions that allocated.
 */
int dlclose(void *handle);

int dlclose(void *handle)
{
    (void)handle;
    return 0;
}
