net = Sequential(name="n")
net.add(Conv2D(4, 3, input_shape=(8, 8, 3)))
net.build((None, 8, 8, 3))
y = Model(inputs=net.input, outputs=Dense(3)(net.output))
