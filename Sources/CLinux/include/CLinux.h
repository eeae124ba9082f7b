#ifndef LOAM_CLINUX_H
#define LOAM_CLINUX_H
/* What Swift cannot import from Linux: variadic calls, and macros that are not plain constants. */
#include <stddef.h>
#include <stdint.h>

#include "sandbox.h"

/* open(2) with its variadic mode. Returns a descriptor, or -1 with errno. */
int loam_open(const char *path, int flags, unsigned mode);

/* openat(2) of what is there already. */
int loam_open_in(int folder, const char *name, int flags);

/* The width of the terminal on `descriptor` in columns, or 0 where it is none. */
int loam_terminal_columns(int descriptor);

/* Where `text`, a few octets, first stands in `octets`, or NULL. */
const void *loam_find(const void *octets, size_t count, const void *text, size_t length);

/* A read-only mapping of a file that another process may shorten at any time.
 *
 * To touch a page behind the file's end raises SIGBUS. While a mapping of this kind exists, a handler
 * puts a page of zeros there and marks the mapping as cut; a SIGBUS anywhere else is passed on to
 * whatever was installed before. At most 16 mappings at a time. */
typedef struct loam_mapping loam_mapping;

/* Maps the first `size` octets (may be 0) of the file. NULL with errno where that fails. */
loam_mapping *loam_map(int descriptor, size_t size);
const void *loam_map_octets(const loam_mapping *mapping);
/* 1 once a page was missing, else 0. */
int loam_map_was_cut(const loam_mapping *mapping);
void loam_unmap(loam_mapping *mapping);

/* epoll and eventfd, which Swift's Glibc module leaves out. All return -1 with errno on failure. */
enum { LOAM_READABLE = 1, LOAM_WRITABLE = 4, LOAM_BROKEN = 8, LOAM_HUNG_UP = 16 };

/* Both are closed on exec; the event counter does not block. */
int loam_epoll_create(void);
int loam_event_counter(void);

/* Adds `descriptor`; with `is_exclusive` one of several waiting threads is woken, not all. */
int loam_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token, int is_exclusive);
int loam_epoll_change(int epoll, int descriptor, uint32_t events, uint64_t token);
int loam_epoll_remove(int epoll, int descriptor);

/* Waits up to `milliseconds` (-1: for ever) and returns how many events were stored. */
typedef struct { uint64_t token; uint32_t events; } loam_event;
int loam_epoll_wait(int epoll, loam_event *events, int capacity, int milliseconds);

/* accept4(2): a socket that neither blocks nor survives exec, and its peer's address as text (without
 * its port; an IPv4 address in its own form), ended by a zero. */
int loam_accept(int listener, char *peer, size_t capacity);

#endif
