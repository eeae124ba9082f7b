// The suites of Service.
