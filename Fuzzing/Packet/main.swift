// A RADIUS packet: every reader, the dictionary's description, the proxy's filters.
import FuzzDriver

@testable import Harness

let harness = try PacketHarness()
fuzz { _ = try harness.fate(of: $0) }
