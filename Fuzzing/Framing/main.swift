// The fragments of TLS inside EAP, put together and cut.
import FuzzDriver

@testable import Harness

fuzz { try FramingHarness().check($0) }
