// Streams of syslog messages, in pieces.
import FuzzDriver

@testable import Harness

fuzz { try NetworkLogsHarness().checkStream($0) }
