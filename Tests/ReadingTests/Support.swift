// The suites of Reading.
