/* Hansard
 * SPDX-License-Identifier: Apache-2.0
 *
 * libpq, and the few Linux calls of the reactor that Swift cannot import well:
 * struct epoll_event is packed on x86-64, and its flags are an enumeration of C. */
#ifndef HANSARD_CLIBPQ_SHIM_H
#define HANSARD_CLIBPQ_SHIM_H

#include <errno.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Fields of an error or a notice; Swift does not import macros that are character literals. */
static const int hansard_field_severity = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int hansard_field_sqlstate = PG_DIAG_SQLSTATE;
static const int hansard_field_message = PG_DIAG_MESSAGE_PRIMARY;
static const int hansard_field_table = PG_DIAG_TABLE_NAME;
static const int hansard_field_constraint = PG_DIAG_CONSTRAINT_NAME;
static const int hansard_field_source_function = PG_DIAG_SOURCE_FUNCTION;

/* What a waiter waits for; both bits may be set. */
#define HANSARD_READABLE 1u
#define HANSARD_WRITABLE 2u

/* Reports of one call of hansard_epoll_wait at most. */
#define HANSARD_EPOLL_BATCH 64

static inline int hansard_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int hansard_eventfd_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/* Watches fd, level-triggered, until it is deleted. 0 or an errno. */
static inline int hansard_epoll_watch(int epoll, int fd, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

/* Arms one report about fd (EPOLLONESHOT). A descriptor that epoll does not know, because it is
 * new or because libpq closed and reopened its socket under the same number, is added. 0 or an
 * errno. */
static inline int hansard_epoll_arm(int epoll, int fd, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = token};
  if (interest & HANSARD_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
  if (interest & HANSARD_WRITABLE) event.events |= EPOLLOUT;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  if (errno != ENOENT) return errno;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

/* Forgets fd; one that is not registered is no error. */
static inline void hansard_epoll_forget(int epoll, int fd) {
  struct epoll_event unused = {0};
  (void)epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &unused);
}

/* Waits and writes the tokens of the reports (room for HANSARD_EPOLL_BATCH). Number of reports,
 * 0 after the time-out or a signal, -1 when the epoll descriptor itself is unusable. */
static inline int hansard_epoll_wait(int epoll, uint64_t *tokens, int milliseconds) {
  struct epoll_event events[HANSARD_EPOLL_BATCH];
  int count = epoll_wait(epoll, events, HANSARD_EPOLL_BATCH, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -1;
  for (int i = 0; i < count; i++) tokens[i] = events[i].data.u64;
  return count;
}

static inline void hansard_eventfd_signal(int fd) {
  uint64_t one = 1;
  /* A full counter means that the reader is awake already. */
  ssize_t ignored = write(fd, &one, sizeof one);
  (void)ignored;
}

static inline void hansard_eventfd_clear(int fd) {
  uint64_t count;
  ssize_t ignored = read(fd, &count, sizeof count);
  (void)ignored;
}

#endif
