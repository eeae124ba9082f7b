// Filled by the target it tests.
