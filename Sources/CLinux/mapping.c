#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* A slot is free while `start` is 0. The handler reads `start` and `size` only, both set before
 * `start` is published; a thread touches only mappings that exist, so a slot does not change under
 * the handler of a fault inside it. */
struct loam_mapping {
  _Atomic uintptr_t start;
  size_t size;
  atomic_int was_cut;
  atomic_int is_taken;
};

enum { SLOTS = 16 };
static struct loam_mapping slots[SLOTS];
static struct sigaction previous;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static uintptr_t page_size;
static const char nothing[1];

static void on_bus_error(int signal, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int i = 0; i < SLOTS; i++) {
    uintptr_t start = atomic_load(&slots[i].start);
    if (start == 0 || address < start || address - start >= slots[i].size) continue;
    void *page = (void *)(address & ~(page_size - 1));
    int saved = errno;
    void *zeros =
        mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    errno = saved;
    if (zeros == MAP_FAILED) break;
    atomic_store(&slots[i].was_cut, 1);
    return;
  }
  if (previous.sa_flags & SA_SIGINFO && previous.sa_sigaction) {
    previous.sa_sigaction(signal, info, context);
  } else {
    /* Back to the default (or the earlier handler): the fault repeats and ends the process. */
    sigaction(SIGBUS, &previous, NULL);
  }
}

static void install(void) {
  struct sigaction action = {0};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  sigaction(SIGBUS, &action, &previous);
}

loam_mapping *loam_map(int descriptor, size_t size) {
  pthread_once(&once, install);
  struct loam_mapping *slot = NULL;
  for (int i = 0; i < SLOTS && !slot; i++) {
    int expected = 0;
    if (atomic_compare_exchange_strong(&slots[i].is_taken, &expected, 1)) slot = &slots[i];
  }
  if (!slot) {
    errno = EMFILE;
    return NULL;
  }
  atomic_store(&slot->was_cut, 0);
  slot->size = size;
  if (size == 0) return slot;
  void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (memory == MAP_FAILED) {
    atomic_store(&slot->is_taken, 0);
    return NULL;
  }
  madvise(memory, size, MADV_SEQUENTIAL);
  atomic_store(&slot->start, (uintptr_t)memory);
  return slot;
}

const void *loam_map_octets(const loam_mapping *mapping) {
  uintptr_t start = atomic_load(&mapping->start);
  return start ? (const void *)start : nothing;
}

int loam_map_was_cut(const loam_mapping *mapping) { return atomic_load(&mapping->was_cut); }

void loam_unmap(loam_mapping *mapping) {
  uintptr_t start = atomic_load(&mapping->start);
  atomic_store(&mapping->start, 0);
  if (start) munmap((void *)start, mapping->size);
  atomic_store(&mapping->is_taken, 0);
}
