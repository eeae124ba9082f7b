#define _GNU_SOURCE
#include "CLinux.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

_Static_assert(LOAM_READABLE == EPOLLIN && LOAM_WRITABLE == EPOLLOUT, "epoll's numbers");
_Static_assert(LOAM_BROKEN == EPOLLERR && LOAM_HUNG_UP == EPOLLHUP, "epoll's numbers");

int loam_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int loam_event_counter(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int loam_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token, int is_exclusive) {
  uint32_t mode = is_exclusive ? EPOLLEXCLUSIVE : 0;
  return control(epoll, EPOLL_CTL_ADD, descriptor, events | mode, token);
}

int loam_epoll_change(int epoll, int descriptor, uint32_t events, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, descriptor, events, token);
}

int loam_epoll_remove(int epoll, int descriptor) {
  return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int loam_epoll_wait(int epoll, loam_event *events, int capacity, int milliseconds) {
  enum { MOST = 256 };
  struct epoll_event found[MOST];
  int count = epoll_wait(epoll, found, capacity < MOST ? capacity : MOST, milliseconds);
  for (int i = 0; i < count; i++) {
    events[i].token = found[i].data.u64;
    events[i].events = found[i].events;
  }
  return count;
}

int loam_accept(int listener, char *peer, size_t capacity) {
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } address = {0};
  socklen_t length = sizeof address;
  int accepted = accept4(listener, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted < 0) return accepted;
  if (capacity > 0) peer[0] = 0;
  if (address.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &address.four.sin_addr, peer, (socklen_t)capacity);
  } else if (address.any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&address.six.sin6_addr)) {
    inet_ntop(AF_INET, &address.six.sin6_addr.s6_addr[12], peer, (socklen_t)capacity);
  } else if (address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.six.sin6_addr, peer, (socklen_t)capacity);
  }
  return accepted;
}
