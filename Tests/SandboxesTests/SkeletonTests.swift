import Testing
@testable import Sandboxes

