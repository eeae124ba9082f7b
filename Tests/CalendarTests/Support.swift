// The suites of Calendar.
