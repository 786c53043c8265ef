// Files of leases of each format.
import FuzzDriver

@testable import Harness

fuzz { try NetworkLogsHarness().checkLeases($0) }
