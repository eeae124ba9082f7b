#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, WIDE_SECTOR = 4096 };

typedef struct {
  unsigned char *base;
  size_t count;
  size_t capacity;
} octets;

/* A write, or with no octets a new size. */
typedef struct {
  size_t offset;
  size_t count;
  unsigned char *octets;
} request;

struct loam_inode {
  octets durable;
  request *pending;
  size_t pending_count;
  size_t pending_capacity;
  loam_inode *next;
};

/* What a name stands for: on the disk, and after each change that is not on it yet. */
typedef struct name {
  char *path;
  loam_inode *durable;
  loam_inode **later;
  size_t later_count;
  struct name *next;
} name;

static struct {
  char *folder;
  size_t folder_length;
  uint64_t random;
  bool says_overwrite_is_safe;
  bool overwrite_is_safe;
  bool allows_mapping;
  /* How many more changes there are until the power goes; 0 for no cut. */
  uint64_t cut_in;
  loam_fault cut_counts;
  bool is_cut;
  loam_fault cut_kind;
  uint64_t trace;
  loam_inode *inodes;
  name *names;
} disk = {.says_overwrite_is_safe = true, .overwrite_is_safe = true, .allows_mapping = true};

/* A harness without memory can judge nothing. */
static void *must(void *block) {
  if (block == NULL) {
    fputs("loam-faults: out of memory\n", stderr);
    abort();
  }
  return block;
}

static _Noreturn void fail(const char *what, const char *path) {
  fprintf(stderr, "loam-faults: %s %s: %s\n", what, path, strerror(errno));
  abort();
}

static size_t sum(size_t a, size_t b) {
  size_t result;
  if (__builtin_add_overflow(a, b, &result)) abort();
  return result;
}

static size_t product(size_t a, size_t b) {
  size_t result;
  if (__builtin_mul_overflow(a, b, &result)) abort();
  return result;
}

/* Octets */

static void resize(octets *image, size_t count) {
  if (count > image->capacity) {
    image->capacity = sum(count, count / 2);
    image->base = must(realloc(image->base, image->capacity));
  }
  /* What was never written reads as zeros. */
  if (count > image->count) memset(image->base + image->count, 0, count - image->count);
  image->count = count;
}

static void put(octets *image, size_t offset, const unsigned char *source, size_t count) {
  if (count == 0) return;
  size_t end = sum(offset, count);
  if (end > image->count) resize(image, end);
  memcpy(image->base + offset, source, count);
}

static void apply(octets *image, const request *asked) {
  if (asked->octets != NULL) {
    put(image, asked->offset, asked->octets, asked->count);
  } else {
    resize(image, asked->offset);
  }
}

/* Chance: SplitMix64, as the tests' own. */

uint64_t loam_disk_random(void) {
  uint64_t z = disk.random += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static bool one_in(uint64_t count) { return loam_disk_random() % count == 0; }

/* Files and names */

static void forget_pending(loam_inode *file) {
  for (size_t i = 0; i < file->pending_count; i++) free(file->pending[i].octets);
  file->pending_count = 0;
}

static void forget_all(void) {
  while (disk.inodes != NULL) {
    loam_inode *file = disk.inodes;
    disk.inodes = file->next;
    forget_pending(file);
    free(file->pending);
    free(file->durable.base);
    free(file);
  }
  while (disk.names != NULL) {
    name *known = disk.names;
    disk.names = known->next;
    free(known->path);
    free(known->later);
    free(known);
  }
}

void loam_disk_begin(const char *folder, uint64_t seed) {
  forget_all();
  free(disk.folder);
  disk.folder = must(strdup(folder));
  disk.folder_length = strlen(folder);
  disk.random = seed;
  disk.cut_in = 0;
  disk.is_cut = false;
  disk.trace = UINT64_C(0xCBF29CE484222325);
  /* The salts of SQLite's log are chance as well. */
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed % INT_MAX) + 1, NULL);
}

void loam_disk_set_overwrite(bool is_said_safe, bool is_safe) {
  disk.says_overwrite_is_safe = is_said_safe;
  disk.overwrite_is_safe = is_safe;
}

void loam_disk_allow_mapping(bool allows) { disk.allows_mapping = allows; }
bool loam_disk_says_overwrite_is_safe(void) { return disk.says_overwrite_is_safe; }
bool loam_disk_allows_mapping(void) { return disk.allows_mapping; }

bool loam_disk_has(const char *path) {
  return path != NULL && disk.folder != NULL &&
         strncmp(path, disk.folder, disk.folder_length) == 0 && path[disk.folder_length] == '/';
}

static name *find_name(const char *path) {
  for (name *known = disk.names; known != NULL; known = known->next) {
    if (strcmp(known->path, path) == 0) return known;
  }
  return NULL;
}

static name *add_name(const char *path) {
  name *known = must(calloc(1, sizeof *known));
  known->path = must(strdup(path));
  known->next = disk.names;
  disk.names = known;
  return known;
}

static void relink(name *known, loam_inode *file) {
  size_t count = sum(known->later_count, 1);
  known->later = must(realloc(known->later, product(count, sizeof *known->later)));
  known->later[known->later_count] = file;
  known->later_count = count;
}

static loam_inode *linked(const name *known) {
  return known->later_count > 0 ? known->later[known->later_count - 1] : known->durable;
}

static loam_inode *add_inode(void) {
  loam_inode *file = must(calloc(1, sizeof *file));
  file->next = disk.inodes;
  disk.inodes = file;
  return file;
}

static void read_whole(octets *image, const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) fail("cannot read", path);
  resize(image, (size_t)status.st_size);
  size_t done = 0;
  while (done < image->count) {
    ssize_t count = read(descriptor, image->base + done, image->count - done);
    if (count <= 0) fail("cannot read", path);
    done += (size_t)count;
  }
  close(descriptor);
}

loam_inode *loam_disk_file(const char *path, bool is_new) {
  name *known = find_name(path);
  if (known == NULL) known = add_name(path);
  loam_inode *file = linked(known);
  if (file != NULL) return file;
  file = add_inode();
  if (is_new) {
    relink(known, file);
  } else {
    /* Made by another than SQLite, who saw to it that it lasts. */
    read_whole(&file->durable, path);
    known->durable = file;
  }
  return file;
}

static request *ask(loam_inode *file) {
  if (file->pending_count == file->pending_capacity) {
    file->pending_capacity = sum(product(file->pending_capacity, 2), 16);
    file->pending =
        must(realloc(file->pending, product(file->pending_capacity, sizeof *file->pending)));
  }
  request *asked = &file->pending[file->pending_count++];
  memset(asked, 0, sizeof *asked);
  return asked;
}

void loam_disk_write(loam_inode *file, int64_t offset, const void *source, size_t count) {
  if (offset < 0) abort();
  if (count == 0) return;
  request *asked = ask(file);
  asked->offset = (size_t)offset;
  asked->count = count;
  asked->octets = must(malloc(count));
  memcpy(asked->octets, source, count);
}

void loam_disk_resize(loam_inode *file, int64_t size) {
  if (size < 0) abort();
  ask(file)->offset = (size_t)size;
}

void loam_disk_sync(loam_inode *file) {
  for (size_t i = 0; i < file->pending_count; i++) apply(&file->durable, &file->pending[i]);
  forget_pending(file);
}

void loam_disk_fail_sync(loam_inode *file) {
  /* To a disk that damages neighbours SQLite writes the end of a commit's padding after the commit's
   * sync, and not again where the next sync fails: the commits behind that padding are lost with it.
   * It promises nothing for both at once, and Linux's VFS never takes a disk for such a one. */
  if (!disk.overwrite_is_safe) return;
  size_t kept = 0;
  for (size_t i = 0; i < file->pending_count; i++) {
    request *asked = &file->pending[i];
    /* Sizes are the file system's own and stay known to it. */
    if (asked->octets == NULL || one_in(2)) {
      file->pending[kept++] = *asked;
    } else {
      free(asked->octets);
    }
  }
  file->pending_count = kept;
}

void loam_disk_unlink(const char *path) {
  name *known = find_name(path);
  if (known == NULL) {
    /* It was there before the disk began. */
    known = add_name(path);
    known->durable = add_inode();
    read_whole(&known->durable->durable, path);
  }
  relink(known, NULL);
}

void loam_disk_sync_folder(void) {
  for (name *known = disk.names; known != NULL; known = known->next) {
    known->durable = linked(known);
    known->later_count = 0;
  }
}

/* Power */

bool loam_disk_change(loam_fault kind, int64_t a, int64_t b) {
  if (disk.is_cut) return false;
  const uint64_t values[] = {(uint64_t)kind, (uint64_t)a, (uint64_t)b};
  for (size_t i = 0; i < 3; i++) disk.trace = (disk.trace ^ values[i]) * UINT64_C(0x100000001B3);
  if (disk.cut_in == 0) return true;
  if (disk.cut_counts != LOAM_FAULT_COUNT && disk.cut_counts != kind) return true;
  if (--disk.cut_in > 0) return true;
  disk.is_cut = true;
  disk.cut_kind = kind;
  return false;
}

void loam_power_cut_at(loam_fault kind, uint64_t nth) {
  disk.cut_counts = kind;
  disk.cut_in = nth;
}

void loam_power_cut(void) {
  if (!disk.is_cut) disk.cut_kind = LOAM_FAULT_COUNT;
  disk.is_cut = true;
}

loam_fault loam_power_cut_kind(void) { return disk.cut_kind; }
bool loam_power_is_cut(void) { return disk.is_cut; }
uint64_t loam_disk_trace(void) { return disk.trace; }

static void put_noise(octets *image, size_t offset, size_t count) {
  for (size_t i = offset; i < sum(offset, count) && i < image->count; i++) {
    image->base[i] = (unsigned char)loam_disk_random();
  }
}

/* Some sectors of a write: each as it was asked, as it was before, or damaged. */
static void tear(octets *image, const request *asked) {
  size_t end = sum(asked->offset, asked->count);
  bool is_prefix = one_in(2);
  size_t at = asked->offset;
  while (at < end) {
    size_t next = (at / SECTOR + 1) * SECTOR;
    if (next > end) next = end;
    switch (loam_disk_random() % 8) {
    case 0:
      if (next > image->count) resize(image, next);
      put_noise(image, at, next - at);
      if (is_prefix) return;
      break;
    case 1: case 2: case 3:
      if (is_prefix) return;
      break;
    default: put(image, at, asked->octets + (at - asked->offset), next - at);
    }
    at = next;
  }
  if (!disk.overwrite_is_safe && one_in(2)) {
    /* The sector at one edge of the write, with what stood beside it. */
    size_t edge = one_in(2) ? asked->offset : end - 1;
    put_noise(image, edge / WIDE_SECTOR * WIDE_SECTOR, WIDE_SECTOR);
  }
}

/* A write that is kept while an earlier one is lost is a write that was moved before it: for each
 * sector any of its versions may be the last, so no other order can give more. */
static void lose_some(octets *image, loam_inode *file) {
  uint64_t way = loam_disk_random() % 8;
  size_t kept = file->pending_count == 0 ? 0 : loam_disk_random() % file->pending_count;
  for (size_t i = 0; i < file->pending_count; i++) {
    const request *asked = &file->pending[i];
    bool is_whole = way == 0 || (way == 2 && i < kept);
    bool is_lost = way == 1 || (way == 2 && i > kept);
    if (way > 2) {
      uint64_t lot = loam_disk_random() % 4;
      is_whole = lot == 0;
      is_lost = lot == 1;
    }
    if (is_lost) continue;
    if (is_whole) {
      apply(image, asked);
    } else if (asked->octets != NULL) {
      tear(image, asked);
    } else if (one_in(2)) {
      apply(image, asked);
    }
  }
}

static void write_whole(const octets *image, const char *path) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) fail("cannot write", path);
  size_t done = 0;
  while (done < image->count) {
    ssize_t count = write(descriptor, image->base + done, image->count - done);
    if (count <= 0) fail("cannot write", path);
    done += (size_t)count;
  }
  close(descriptor);
}

/* The index of the log in shared memory is no part of the disk: nothing, what was there, or noise. */
static void restore_shared_memory(const char *path) {
  char *shared = must(malloc(sum(strlen(path), 5)));
  strcpy(shared, path);
  strcat(shared, "-shm");
  if (access(shared, F_OK) == 0) {
    uint64_t lot = loam_disk_random() % 3;
    if (lot == 0) {
      unlink(shared);
    } else if (lot == 1) {
      octets image = {0};
      resize(&image, 32768);
      put_noise(&image, 0, image.count);
      write_whole(&image, shared);
      free(image.base);
    }
  }
  free(shared);
}

void loam_disk_restore(void) {
  for (name *known = disk.names; known != NULL; known = known->next) {
    size_t choice = loam_disk_random() % sum(known->later_count, 1);
    loam_inode *file = choice == 0 ? known->durable : known->later[choice - 1];
    restore_shared_memory(known->path);
    if (file == NULL) {
      if (unlink(known->path) != 0 && errno != ENOENT) fail("cannot remove", known->path);
      continue;
    }
    octets image = {0};
    put(&image, 0, file->durable.base, file->durable.count);
    lose_some(&image, file);
    write_whole(&image, known->path);
    free(image.base);
  }
  forget_all();
  disk.cut_in = 0;
  disk.is_cut = false;
}
