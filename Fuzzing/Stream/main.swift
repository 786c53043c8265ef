// RADIUS over TCP and TLS: the cutting of a stream into packets.
import FuzzDriver

@testable import Harness

fuzz { _ = try StreamHarness().check($0) }
