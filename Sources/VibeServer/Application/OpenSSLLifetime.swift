internal import COpenSSL

/// How long OpenSSL's state lasts.
package enum OpenSSLLifetime {
    /// Keeps OpenSSL usable until the process is gone.
    ///
    /// Otherwise an exit handler frees its state while other threads may still hash or draw random bytes, and the process ends
    /// with a segmentation fault in place of its status. To be called before anything uses OpenSSL
    /// (`OPENSSL_INIT_NO_ATEXIT` in OPENSSL_init_crypto(3)).
    package static func outlastsExitHandlers() {
        // It fails where OpenSSL itself cannot be set up, which its first use tells of.
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
