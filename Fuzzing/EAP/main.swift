// EAP outside of conversations: packets, Naks, identities, AVPs, MS-CHAPv2, what PEAP carries.
import FuzzDriver

@testable import Harness

let harness = try EAPHarness()
fuzz { try harness.check($0) }
