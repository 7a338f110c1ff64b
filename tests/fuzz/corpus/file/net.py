net = Sequential([Input((8, 8, 3)), Conv2D(4, 3)])
