#include "disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of SQLite: the system's own file lies behind it. */
typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
  /* NULL for a file that is not on the disk. */
  loam_inode *inode;
  /* As the system's VFS does: the first sync of a new journal makes its name last too. */
  bool syncs_folder;
} file;

static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;
static sqlite3_io_methods methods;

static sqlite3_file *real(sqlite3_file *handle) { return ((file *)handle)->real; }

/* The code of a fault at this call, or LOAM_PASS. */
static int fault(sqlite3_file *handle, loam_fault kind, int code) {
  if (((file *)handle)->inode == NULL) return LOAM_PASS;
  return loam_power_is_cut() ? code : loam_fault_next(kind);
}

/* What fails for want of power only. */
static bool is_dead(sqlite3_file *handle) {
  return ((file *)handle)->inode != NULL && loam_power_is_cut();
}

static int close_file(sqlite3_file *handle) {
  return real(handle)->pMethods->xClose(real(handle));
}

static int read_file(sqlite3_file *handle, void *target, int count, sqlite3_int64 offset) {
  int code = fault(handle, LOAM_FAULT_READ, SQLITE_IOERR_READ);
  return code != LOAM_PASS ? code : real(handle)->pMethods->xRead(real(handle), target, count, offset);
}

static int write_through(file *self, const void *source, int count, sqlite3_int64 offset) {
  int code = self->real->pMethods->xWrite(self->real, source, count, offset);
  if (code == SQLITE_OK && self->inode != NULL) {
    loam_disk_write(self->inode, offset, source, (size_t)count);
  }
  return code;
}

static int write_file(sqlite3_file *handle, const void *source, int count, sqlite3_int64 offset) {
  file *self = (file *)handle;
  if (self->inode == NULL) return write_through(self, source, count, offset);
  if (is_dead(handle)) return SQLITE_IOERR_WRITE;
  int code = loam_fault_next(LOAM_FAULT_WRITE);
  if (code == SQLITE_OK) return SQLITE_OK;
  if (code != LOAM_PASS) {
    /* A full disk takes what it has room for. */
    int part = (int)(loam_disk_random() % ((uint64_t)count + 1));
    if (part > 0) write_through(self, source, part, offset);
    return code;
  }
  if (!loam_disk_change(LOAM_FAULT_WRITE, offset, count)) {
    loam_disk_write(self->inode, offset, source, (size_t)count);
    return SQLITE_IOERR_WRITE;
  }
  return write_through(self, source, count, offset);
}

static int truncate_file(sqlite3_file *handle, sqlite3_int64 size) {
  file *self = (file *)handle;
  int code = fault(handle, LOAM_FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE);
  if (code != LOAM_PASS) return code;
  if (self->inode != NULL) {
    bool has_power = loam_disk_change(LOAM_FAULT_TRUNCATE, size, 0);
    loam_disk_resize(self->inode, size);
    if (!has_power) return SQLITE_IOERR_TRUNCATE;
  }
  return self->real->pMethods->xTruncate(self->real, size);
}

static int sync_file(sqlite3_file *handle, int flags) {
  file *self = (file *)handle;
  if (self->inode == NULL) return self->real->pMethods->xSync(self->real, flags);
  int code = fault(handle, LOAM_FAULT_SYNC, SQLITE_IOERR_FSYNC);
  if (code == SQLITE_OK) return SQLITE_OK;
  if (code != LOAM_PASS) {
    if (!is_dead(handle)) loam_disk_fail_sync(self->inode);
    return code;
  }
  if (!loam_disk_change(LOAM_FAULT_SYNC, 0, 0)) return SQLITE_IOERR_FSYNC;
  loam_disk_sync(self->inode);
  if (self->syncs_folder) loam_disk_sync_folder();
  self->syncs_folder = false;
  return SQLITE_OK;
}

static int file_size(sqlite3_file *handle, sqlite3_int64 *size) {
  if (is_dead(handle)) return SQLITE_IOERR_FSTAT;
  return real(handle)->pMethods->xFileSize(real(handle), size);
}

static int lock_file(sqlite3_file *handle, int level) {
  if (is_dead(handle)) return SQLITE_IOERR_LOCK;
  return real(handle)->pMethods->xLock(real(handle), level);
}

static int unlock_file(sqlite3_file *handle, int level) {
  return real(handle)->pMethods->xUnlock(real(handle), level);
}

static int check_reserved(sqlite3_file *handle, int *result) {
  return real(handle)->pMethods->xCheckReservedLock(real(handle), result);
}

static int control_file(sqlite3_file *handle, int operation, void *argument) {
  file *self = (file *)handle;
  if (is_dead(handle)) return SQLITE_NOTFOUND;
  int code = self->real->pMethods->xFileControl(self->real, operation, argument);
  if (operation == SQLITE_FCNTL_SIZE_HINT && self->inode != NULL) {
    /* The system's VFS makes a mapped file as long as the hint says. */
    sqlite3_int64 size = 0;
    if (self->real->pMethods->xFileSize(self->real, &size) == SQLITE_OK) {
      loam_disk_resize(self->inode, size);
    }
  }
  return code;
}

static int sector_size(sqlite3_file *handle) {
  return real(handle)->pMethods->xSectorSize(real(handle));
}

static int characteristics(sqlite3_file *handle) {
  if (((file *)handle)->inode == NULL) {
    return real(handle)->pMethods->xDeviceCharacteristics(real(handle));
  }
  return loam_disk_says_overwrite_is_safe() ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

static int map_shared(sqlite3_file *handle, int region, int size, int extends,
                      void volatile **result) {
  int code = fault(handle, LOAM_FAULT_SHARED_MEMORY, SQLITE_IOERR_SHMMAP);
  if (code != LOAM_PASS) {
    *result = NULL;
    return code;
  }
  return real(handle)->pMethods->xShmMap(real(handle), region, size, extends, result);
}

static int lock_shared(sqlite3_file *handle, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && is_dead(handle)) return SQLITE_IOERR_SHMLOCK;
  return real(handle)->pMethods->xShmLock(real(handle), offset, count, flags);
}

static void order_shared(sqlite3_file *handle) {
  real(handle)->pMethods->xShmBarrier(real(handle));
}

static int unmap_shared(sqlite3_file *handle, int deletes) {
  return real(handle)->pMethods->xShmUnmap(real(handle), deletes);
}

static int fetch(sqlite3_file *handle, sqlite3_int64 offset, int count, void **result) {
  *result = NULL;
  if (((file *)handle)->inode != NULL && !loam_disk_allows_mapping()) return SQLITE_OK;
  int code = fault(handle, LOAM_FAULT_READ, SQLITE_IOERR_READ);
  return code != LOAM_PASS ? code
                           : real(handle)->pMethods->xFetch(real(handle), offset, count, result);
}

static int unfetch(sqlite3_file *handle, sqlite3_int64 offset, void *page) {
  return real(handle)->pMethods->xUnfetch(real(handle), offset, page);
}

static int open_file(sqlite3_vfs *self_vfs, const char *path, sqlite3_file *handle, int flags,
                     int *out_flags) {
  (void)self_vfs;
  file *self = (file *)handle;
  memset(self, 0, sizeof *self);
  self->real = (sqlite3_file *)(self + 1);
  bool is_on_disk = loam_disk_has(path);
  bool is_new = is_on_disk && access(path, F_OK) != 0;
  if (is_on_disk) {
    if (loam_power_is_cut()) return SQLITE_CANTOPEN;
    int code = loam_fault_next(LOAM_FAULT_OPEN);
    if (code != LOAM_PASS) return code;
    if (is_new && (flags & SQLITE_OPEN_CREATE) != 0 &&
        !loam_disk_change(LOAM_FAULT_OPEN, 0, 0)) {
      return SQLITE_CANTOPEN;
    }
  }
  int code = system_vfs->xOpen(system_vfs, path, self->real, flags, out_flags);
  if (code != SQLITE_OK) {
    /* SQLite closes what has methods, even where opening it failed. */
    if (self->real->pMethods != NULL) self->real->pMethods->xClose(self->real);
    return code;
  }
  if (is_on_disk) self->inode = loam_disk_file(path, is_new);
  const int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  self->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0;
  self->base.pMethods = &methods;
  return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *self_vfs, const char *path, int syncs_folder) {
  (void)self_vfs;
  if (!loam_disk_has(path)) return system_vfs->xDelete(system_vfs, path, syncs_folder);
  if (loam_power_is_cut()) return SQLITE_IOERR_DELETE;
  int code = loam_fault_next(LOAM_FAULT_DELETE);
  if (code != LOAM_PASS) return code;
  bool has_power = loam_disk_change(LOAM_FAULT_DELETE, 0, 0);
  if (access(path, F_OK) == 0) loam_disk_unlink(path);
  if (!has_power) return SQLITE_IOERR_DELETE;
  code = system_vfs->xDelete(system_vfs, path, syncs_folder);
  if (code == SQLITE_OK && syncs_folder) loam_disk_sync_folder();
  return code;
}

static int check_access(sqlite3_vfs *self_vfs, const char *path, int flags, int *result) {
  (void)self_vfs;
  if (loam_disk_has(path) && loam_power_is_cut()) return SQLITE_IOERR_ACCESS;
  return system_vfs->xAccess(system_vfs, path, flags, result);
}

int loam_vfs_install(void) {
  int code = sqlite3_initialize();
  if (code != SQLITE_OK) return code;
  system_vfs = sqlite3_vfs_find(NULL);
  if (system_vfs == NULL) return SQLITE_ERROR;
  methods = (sqlite3_io_methods){
      .iVersion = 3,
      .xClose = close_file,
      .xRead = read_file,
      .xWrite = write_file,
      .xTruncate = truncate_file,
      .xSync = sync_file,
      .xFileSize = file_size,
      .xLock = lock_file,
      .xUnlock = unlock_file,
      .xCheckReservedLock = check_reserved,
      .xFileControl = control_file,
      .xSectorSize = sector_size,
      .xDeviceCharacteristics = characteristics,
      .xShmMap = map_shared,
      .xShmLock = lock_shared,
      .xShmBarrier = order_shared,
      .xShmUnmap = unmap_shared,
      .xFetch = fetch,
      .xUnfetch = unfetch,
  };
  /* What is not replaced here asks nothing of its VFS but what a copy has too. */
  vfs = *system_vfs;
  vfs.zName = "loam-faults";
  vfs.pNext = NULL;
  vfs.szOsFile = (int)sizeof(file) + system_vfs->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.xAccess = check_access;
  return sqlite3_vfs_register(&vfs, 1);
}
