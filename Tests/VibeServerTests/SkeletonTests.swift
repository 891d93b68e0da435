import Testing
@testable import VibeServer

