// Runs before the first paint, so that a chosen theme never flashes: a classic script on purpose.
(function () {
  try {
    var theme = localStorage.getItem('vibe.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.setAttribute('data-theme', theme);
  } catch (error) {
    // Without storage the system's theme is used.
  }
})();
