#include <sqlite3.h>

/* sqlite3_db_config takes a variable argument list, which Swift cannot call. */
static inline int loam_sqlite3_switch(sqlite3 *db, int option, int on) {
  return sqlite3_db_config(db, option, on, (int *)0);
}
