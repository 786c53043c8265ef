// NetFlow v9 and IPFIX: datagrams one behind another, and a restart.
import FuzzDriver

@testable import Harness

fuzz { try NetworkLogsHarness().checkFlows($0) }
