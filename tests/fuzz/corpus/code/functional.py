seen = Input((32, 32, 3), name='seen')
stem = MaxPooling2D(3)(Conv2D(64, 3)(seen))
a = add([Conv2D(64, 3, padding='same')(stem), stem])
both = [a, stem]
out = Dense(10)(GlobalAveragePooling2D()(Concatenate(axis=-1)(both)))
net = Model(seen, out)
x = Input((32, 32, 3)); y = Input((32, 32, 3))
twin = Model(inputs=[x, y], outputs=Add()([net(x), net(y)]))
