#ifndef LOAM_DISK_H
#define LOAM_DISK_H
/* What a disk holds for certain, and what has been asked of it since. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loam_faults.h"

typedef struct loam_inode loam_inode;

/* Whether `path` lies in the disk's folder. */
bool loam_disk_has(const char *path);
/* The file at `path`, which is open; `is_new` where it was not there before. */
loam_inode *loam_disk_file(const char *path, bool is_new);
void loam_disk_write(loam_inode *file, int64_t offset, const void *octets, size_t count);
void loam_disk_resize(loam_inode *file, int64_t size);
/* What was asked of the file is on the disk. */
void loam_disk_sync(loam_inode *file);
/* A sync that fails: the system takes written pages for clean, so that some never reach the disk
 * unless they are written again. */
void loam_disk_fail_sync(loam_inode *file);
void loam_disk_unlink(const char *path);
/* New, replaced and deleted names are on the disk. */
void loam_disk_sync_folder(void);
/* The next number of the disk's own random sequence. */
uint64_t loam_disk_random(void);
/* Takes note of a change of the disk; false where the power goes at it or has gone. */
bool loam_disk_change(loam_fault kind, int64_t a, int64_t b);
bool loam_disk_says_overwrite_is_safe(void);
bool loam_disk_allows_mapping(void);

/* Counts a call; LOAM_PASS, or the code to answer with. */
enum { LOAM_PASS = -1 };
int loam_fault_next(loam_fault kind);

int loam_memory_install(void);
int loam_vfs_install(void);

#endif
