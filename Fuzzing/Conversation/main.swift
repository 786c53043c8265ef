// Whole conversations and tunnels, by a peer that does not know the password.
import FuzzDriver

@testable import Harness

let harness = try ConversationHarness()
fuzz { try harness.check($0) }
