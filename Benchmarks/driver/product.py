class Product: pass
