/* Files that others may read at any moment: replaced as a whole or not at all. */
#ifndef DX_FILE_H
#define DX_FILE_H

#include <stddef.h>

/*
 * Writes content to a file that only its owner can read, by way of a temporary one beside it; a symbolic link stays,
 * and what it points to is replaced. Returns 0 or an errno value; nothing is left behind.
 */
int dx_file_write(const char *path, const char *content, size_t len);

#endif
