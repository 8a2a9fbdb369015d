/* Moves the wall clock of its process by CLOCK_SHIFT_S seconds, as soon as the file CLOCK_SHIFT_WHEN is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int has_jumped = 0;

static long shift_s(void) {
  const char *by = getenv("CLOCK_SHIFT_S");
  const char *when = getenv("CLOCK_SHIFT_WHEN");
  if (by == NULL || when == NULL) return 0;
  if (!has_jumped) has_jumped = access(when, F_OK) == 0;
  return has_jumped ? atol(by) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  int failed = REAL(clock_gettime)(clock, at);
  if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift_s();
  return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  int failed = REAL(gettimeofday)(at, zone);
  if (failed == 0) at->tv_sec += shift_s();
  return failed;
}

time_t time(time_t *at) {
  time_t now = REAL(time)(NULL) + shift_s();
  if (at != NULL) *at = now;
  return now;
}
